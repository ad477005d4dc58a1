// swift-tools-version: 6.2
// The tool that measures the reading of web pages. It takes the module's sources by a link, so that it builds
// in seconds and needs none of the package's dependencies.
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "formats",
    targets: [
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Story", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "Pages", dependencies: ["Text", "Story"], swiftSettings: settings),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive"),
        .target(name: "Parts", dependencies: ["Text", "Story"], swiftSettings: settings),
        .target(
            name: "Formats", dependencies: ["CLibXML2", "CArchive", "Parts", "Pages", "Text", "Story"],
            swiftSettings: settings),
        .executableTarget(name: "read-page", dependencies: ["Formats", "Story"]),
    ],
    swiftLanguageModes: [.v6]
)
