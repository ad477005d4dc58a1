// swift-tools-version: 6.2
// The tool that measures the reading of wire copy. It takes the module's sources by a link, so that it builds
// in seconds and needs none of the package's dependencies.
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "reading",
    targets: [
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Story", dependencies: ["Text"], swiftSettings: settings),
        .executableTarget(name: "read-copy", dependencies: ["Text", "Story"]),
    ],
    swiftLanguageModes: [.v6]
)
