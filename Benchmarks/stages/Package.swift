// swift-tools-version: 6.2
// Measures each station of the pipeline alone, with ordo-one's benchmark package. A package of its own (its sources are
// links to the project's), so that the project itself depends on none of this. One command, from the project's root:
//
//     BENCHMARK_DISABLE_JEMALLOC=1 swift package --package-path Benchmarks/stages benchmark
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Decoding and packing are no business of other modules, but stages of their own here.
    .unsafeFlags(["-enable-testing"]),
]

let package = Package(
    name: "stages",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Without its traits: they replace malloc and the Swift runtime's own calls, which costs what is measured.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "inotify-shim"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "Files", dependencies: ["inotify-shim"], swiftSettings: settings),
        .target(name: "Inbox", dependencies: ["Files"], swiftSettings: settings),
        .target(name: "Text", swiftSettings: settings),
        .target(name: "Story", dependencies: ["Text"], swiftSettings: settings),
        .target(name: "Resemblance", dependencies: ["Text", "Story"], swiftSettings: settings),
        .target(
            name: "Store",
            dependencies: [
                "CCrypto", "CZstd", "Text", "Story", "Resemblance",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Stages",
            dependencies: [
                "Files", "Inbox", "Text", "Story", "Resemblance", "Store",
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Stages",
            swiftSettings: [.swiftLanguageMode(.v5)],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
