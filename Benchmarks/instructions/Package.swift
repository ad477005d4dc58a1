// swift-tools-version: 6.2
// The hot loops, alone in a program, for valgrind to count their instructions; `Benchmarks/instructions/run` does.
// Its sources are links to the project's, so that it builds without the rest.
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "instructions",
    targets: [
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Story", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "Resemblance", dependencies: ["Text", "Story"], swiftSettings: settings),
        .executableTarget(name: "hot-loops", dependencies: ["Resemblance", "Text", "Story"], swiftSettings: settings),
        .executableTarget(name: "doubling", dependencies: ["Resemblance", "Text", "Story"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
