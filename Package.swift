// swift-tools-version: 6.2
// One target a station in the pipeline from inbox to store; ARCHITECTURE.md has the layer table, and
// LayerTests compares it with the imports.
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// Tests call the C library as any program would; strict memory safety guards what is shipped.
let testSettings = Array(settings.dropFirst())

let package = Package(
    name: "copytaster",
    products: [
        .executable(name: "copytaster", targets: ["copytaster"]),
        .executable(name: "copytaster-reader", targets: ["copytaster-reader"]),
        .executable(name: "copytaster-web", targets: ["copytaster-web"]),
        // For other programs: read wire copy, find repeats, read an archive. examples/swift shows how.
        .library(name: "Story", targets: ["Story"]),
        .library(name: "Resemblance", targets: ["Resemblance"]),
        .library(name: "Store", targets: ["Store"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        .target(name: "inotify-shim"),
        .target(name: "sandbox-shim", linkerSettings: [.linkedLibrary("seccomp")]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),

        .target(name: "Files", dependencies: ["inotify-shim"], swiftSettings: settings),
        .target(name: "Inbox", dependencies: ["Files"], swiftSettings: settings),
        .target(name: "ReadProtocol", dependencies: ["Files"], swiftSettings: settings),
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Story", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "Parts", dependencies: ["Text", "Story"], swiftSettings: settings),
        .target(
            name: "Formats", dependencies: ["CLibXML2", "CArchive", "Text", "Story", "Parts", "Pages"],
            swiftSettings: settings),
        .target(name: "Readers", dependencies: ["Files", "Text", "Story", "Parts"], swiftSettings: settings),
        .executableTarget(
            name: "copytaster-reader", dependencies: ["sandbox-shim", "Files", "Parts", "Formats"],
            swiftSettings: settings),
        .target(name: "Pages", dependencies: ["Text", "Story"], swiftSettings: settings),
        .target(name: "Resemblance", dependencies: ["Text", "Story"], swiftSettings: settings),
        .target(name: "Query", dependencies: ["Text"], swiftSettings: settings),
        .target(
            name: "Store",
            dependencies: [
                "CCrypto", "CZstd", "Files", "Text", "Query", "Story", "Resemblance",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "Recover",
            dependencies: [
                "Files", "Text", "Story", "Resemblance", "Store", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "Backup",
            dependencies: ["Files", "Store", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .target(
            name: "Pipeline",
            dependencies: ["Files", "Inbox", "Text", "Story", "Resemblance", "Store", "Parts", "Readers"],
            swiftSettings: settings),
        .target(
            name: "Supervision",
            dependencies: ["CSystemd", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .executableTarget(
            name: "copytaster",
            dependencies: [
                "Files", "Inbox", "ReadProtocol", "Text", "Query", "Story", "Parts", "Readers", "Resemblance", "Store",
                "Recover", "Backup",
                "Pipeline",
                "Supervision",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),

        .target(
            name: "ReadingRoom",
            dependencies: [
                "ReadProtocol", "Files",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [
                .embedInCode("Assets/room.css"), .embedInCode("Assets/room.js"), .embedInCode("Assets/icon.svg"),
                .embedInCode("Assets/openapi.json"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "copytaster-web",
            dependencies: [
                "Files", "ReadingRoom", "Supervision",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // The example's source, so that every build compiles it; examples/swift/Package.swift is what another package would say.
        .executableTarget(
            name: "wirecopy", dependencies: ["Story", "Resemblance", "Store"], path: "examples/swift/Sources/wirecopy",
            swiftSettings: testSettings),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: testSettings),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: testSettings),
        .testTarget(name: "InboxTests", dependencies: ["Inbox", "Files", "TestSupport"], swiftSettings: testSettings),
        .testTarget(name: "TextTests", dependencies: ["Text", "TestSupport"], swiftSettings: testSettings),
        .testTarget(name: "QueryTests", dependencies: ["Query", "TestSupport"], swiftSettings: testSettings),
        .testTarget(
            name: "StoryTests", dependencies: ["Text", "Story", "TestSupport"], resources: [.copy("Readings")],
            swiftSettings: testSettings),
        .testTarget(
            name: "PartsTests", dependencies: ["Text", "Story", "Parts", "TestSupport"], swiftSettings: testSettings),
        .testTarget(
            name: "FormatsTests", dependencies: ["Text", "Story", "Parts", "Formats", "TestSupport"],
            exclude: ["Samples"], swiftSettings: testSettings),
        .testTarget(
            name: "ReadersTests",
            dependencies: [
                "Files", "Text", "Story", "Parts", "Readers", "copytaster-reader",
                "TestSupport",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "ResemblanceTests", dependencies: ["Resemblance", "Text", "Story", "TestSupport"],
            swiftSettings: testSettings),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Store", "Recover", "Files", "Text", "Query", "Story", "Resemblance", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "BackupTests",
            dependencies: [
                "Backup", "Store", "Files", "Story", "Resemblance", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "PipelineTests",
            dependencies: ["Pipeline", "Store", "Inbox", "Files", "Story", "Resemblance", "TestSupport"],
            swiftSettings: testSettings),
        .testTarget(
            name: "SupervisionTests",
            dependencies: ["Supervision", "TestSupport", .product(name: "Logging", package: "swift-log")],
            swiftSettings: testSettings),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "copytaster", "copytaster-web", "wirecopy", "Files", "ReadProtocol", "Pipeline", "TestSupport",
            ],
            swiftSettings: testSettings),
        .testTarget(name: "ReadingRoomTests", dependencies: ["ReadingRoom"], swiftSettings: testSettings),
        .testTarget(name: "LayerTests", dependencies: ["TestSupport"], swiftSettings: testSettings),
    ],
    swiftLanguageModes: [.v6]
)
