// What never changes while the room runs; part of the program, so that it needs no file of its own.

/// A file of the room.
struct Asset {
    var bytes: [UInt8]
    var type: String

    init?(name: String) {
        switch name {
        case "room.css": self.init(PackageResources.room_css, "text/css; charset=utf-8")
        case "room.js": self.init(PackageResources.room_js, "text/javascript; charset=utf-8")
        case "icon.svg": self.init(PackageResources.icon_svg, "image/svg+xml")
        default: return nil
        }
    }

    private init(_ bytes: [UInt8], _ type: String) { (self.bytes, self.type) = (bytes, type) }

    /// What the API offers, for people and tools.
    static let openAPI = Asset(PackageResources.openapi_json, "application/openapi+json")
}
