// swift-tools-version: 6.2
// The tool that measures the reading of wire copy. It takes the module's sources by a link, so that it builds
// in seconds and needs none of the package's dependencies.
import PackageDescription

let package = Package(
    name: "reading",
    targets: [
        .target(
            name: "Story",
            swiftSettings: [
                .strictMemorySafety(),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]),
        .executableTarget(name: "read-copy", dependencies: ["Story"]),
    ],
    swiftLanguageModes: [.v6]
)
