// swift-tools-version: 6.2
// A program of its own that reads wire copy with Copytaster's libraries. In your own package, name the repository's address
// instead of the path.
import PackageDescription

let package = Package(
    name: "wirecopy",
    dependencies: [.package(name: "copytaster", path: "../..")],
    targets: [
        .executableTarget(
            name: "wirecopy",
            dependencies: [
                .product(name: "Story", package: "copytaster"),
                .product(name: "Resemblance", package: "copytaster"),
                .product(name: "Store", package: "copytaster"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
