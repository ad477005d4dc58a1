// swift-tools-version: 6.2
// Measures the Resemblance module against its bars. A package of its own (its sources are links to the
// project's), so that it builds without the rest. One command, from the project's root:
//
//     swift run -c release --package-path Benchmarks/resemblance measure
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "resemblance-benchmark",
    targets: [
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Story", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "Resemblance", dependencies: ["Text", "Story"], swiftSettings: settings),
        .executableTarget(name: "measure", dependencies: ["Resemblance", "Text", "Story"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
