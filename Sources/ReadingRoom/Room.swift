// The reading room: what is asked where. It reads through the read service, as any member of the group does; it can be slow,
// be attacked or die, and ingest does not notice.

internal import Foundation
public import Hummingbird
public import HummingbirdCore
public import Logging

/// The reading room's server.
public struct Room: Sendable {
    /// What a room needs to know.
    public struct Options: Sendable {
        /// The socket of the read service.
        public var readSocket: String
        /// The names under which it may be asked.
        public var hosts: Set<String>

        public init(readSocket: String, hosts: Set<String>) {
            self.readSocket = readSocket
            self.hosts = hosts
        }
    }

    let options: Options
    let archive: Archive
    let live: LiveWire
    let board: WireBoard
    let events: Events

    public init(_ options: Options, logger: Logger) {
        self.options = options
        archive = Archive(socket: options.readSocket)
        live = LiveWire(socket: options.readSocket, logger: logger)
        board = WireBoard(archive, live)
        events = Events(archive: archive, live: live, board: board)
    }

    /// Who says nothing for so long is let go; a request has no more than sixteen kilobytes of headers.
    public static var connections: HTTP1Channel.Configuration {
        .init(
            idleTimeout: .seconds(60),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 64))
    }

    /// Whoever comes while so many are there waits in the kernel's queue.
    public static let mostConnections = 12_000

    /// Begins to follow the ledger. Once.
    public func start() { live.start() }

    /// Everything that can be asked.
    public func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: Guard(hosts: options.hosts))
        router.add(middleware: ETag())
        pages(router)
        api(router)
        router.get("assets/{name}") { _, context in
            guard let asset = Asset(name: try context.parameters.require("name")) else {
                throw ProblemError(.notFound, "There is no such page")
            }
            return Response(bytes: asset.bytes, type: asset.type)
        }
        return router
    }

    private func pages(_ router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in Response(WirePage.page(try await board.newest(), trouble: live.trouble)) }
        router.get("live") { _, _ in events.wire() }
        router.get("story/{id}") { _, context in Response(StoryPage.page(try await story(context))) }
        router.get("story/{id}/original") { _, context in
            Response(OriginalPage.page(try await story(context, "--evidence")))
        }
        router.get("story/{id}/raw") { _, context in
            let id = try Self.number("id", context)
            var response = Response(
                bytes: try await archive.output(["show", "\(id)", "--raw"]), type: "application/octet-stream")
            response.headers[.contentDisposition] = "attachment; filename=\"story-\(id)\""
            return response
        }
        router.get("family/{id}") { _, context in Response(try await family(Self.number("id", context))) }
        router.get("diff") { request, _ in
            // The form of a family's page; each pair has an address of its own.
            guard let a = Int64(request.query("a") ?? ""), let b = Int64(request.query("b") ?? "") else {
                throw ProblemError(.badRequest, "Which two?", "choose one version in each column")
            }
            return Response.redirect(to: "/diff/\(a)/\(b)", type: .found)
        }
        router.get("diff/{a}/{b}") { _, context in
            let pair = try [Self.number("a", context), Self.number("b", context)].map(String.init)
            let found = try await archive.records(Difference.self, ["diff", "--json"] + pair)
            guard let difference = found.first else { throw ProblemError(.notFound, "There is no such story") }
            return Response(DiffPage.page(difference))
        }
        router.get("search") { request, _ in Response(await search(Search(request.query))) }
        router.get("ledger") { request, _ in
            let (verdict, source) = (request.query("verdict"), request.query("source"))
            let rows = try await ledger(verdict: verdict, source: source)
            return Response(LedgerPage.page(rows, verdict: verdict, source: source))
        }
        router.get("health") { _, _ in
            guard let status = try await archive.records(Status.self, ["status", "--json"]).first else {
                throw ArchiveError.unavailable("status said nothing")
            }
            let now = Date().formatted(.iso8601)
            return Response(HealthPage.page(status, live.figures, now: now, trouble: live.trouble))
        }
        router.get("feed.atom") { request, _ in
            let search = Search(request.query)
            let stories = search.isEmpty ? try await board.newest().map(\.story) : try await hits(search)
            return Response(
                bytes: Atom.feed(
                    stories, title: search.isEmpty ? "Copytaster: the wire" : "Copytaster: \(search.query)",
                    address: search.address(path: "/feed.atom"), base: request.base),
                type: "application/atom+xml; charset=utf-8")
        }
    }

    private func api(_ router: Router<BasicRequestContext>) {
        let api = router.group("api/v1")
        api.get("/") { _, _ in Response(bytes: Asset.openAPI.bytes, type: "application/openapi+json") }
        api.get("stories/{id}") { request, context in
            let story = try await story(context)
            return Response(bytes: try JSON.bytes(Ninjs(story, base: request.base)), type: "application/json")
        }
        api.get("stories") { request, _ in
            let search = Search(request.query)
            let stories = search.isEmpty ? try await newest(request) : try await hits(search)
            let lines = try stories.map { try JSON.bytes(Ninjs($0, base: request.base)) + [UInt8(ascii: "\n")] }
            return Response(bytes: Array(lines.joined()), type: "application/jsonl")
        }
        api.get("events") { request, _ in
            try await events.ledger(after: request.headers[.known("Last-Event-ID")] ?? request.query("after"))
        }
    }
}
