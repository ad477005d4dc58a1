// What went wrong, as a page or as problem+json (RFC 9457).

internal import Foundation
internal import Hummingbird

struct Problem {
    var status: HTTPResponse.Status
    var title: String
    var detail: String?

    init(status: HTTPResponse.Status, title: String, detail: String? = nil) {
        self.status = status
        self.title = title
        self.detail = detail
    }

    init(_ error: any Error) {
        switch error {
        case let problem as ProblemError: self = problem.problem
        case let error as ArchiveError:
            switch error.code {
            case EX_NOINPUT: self.init(status: .notFound, title: "There is no such story", detail: error.message)
            case EX_USAGE: self.init(status: .badRequest, title: "This cannot be looked for", detail: error.message)
            case EX_PROTOCOL: self.init(status: .gone, title: "The cursor is of another store", detail: error.message)
            case EX_TEMPFAIL: self.init(status: .tooManyRequests, title: "Too many at once", detail: error.message)
            default: self.init(status: .serviceUnavailable, title: "The archive does not answer", detail: error.message)
            }
        case let error as HTTPError where error.status == .notFound:
            self.init(status: .notFound, title: "There is no such page")
        case let error as HTTPError: self.init(status: error.status, title: error.status.reasonPhrase)
        default: self.init(status: .internalServerError, title: "The reading room failed", detail: "\(error)")
        }
    }

    private struct Body: Encodable {
        var type = "about:blank"
        var title: String
        var status: Int
        var detail: String?
    }

    /// For programs.
    var response: Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let body = (try? encoder.encode(Body(title: title, status: status.code, detail: detail))) ?? Data()
        return Response(
            status: status, headers: [.contentType: "application/problem+json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// For whoever asked: a page to a reader, JSON to a program.
    func response(to request: Request) -> Response {
        if request.uri.path.hasPrefix("/api/") { return response }
        let page = Page(
            title: title, place: .wire,
            body: "<h1>\(title)</h1><p>\(detail ?? "")</p><p><a href=\"/\">To the wire</a></p>")
        return Response(page, status: status)
    }
}

/// A problem that is thrown.
struct ProblemError: Error {
    var problem: Problem

    init(_ status: HTTPResponse.Status, _ title: String, _ detail: String? = nil) {
        problem = Problem(status: status, title: title, detail: detail)
    }
}

extension Response {
    init(_ page: Page, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.html.text)))
    }

    init(bytes: [UInt8], type: String) {
        self.init(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
