// What every answer has, and what no request may have.

internal import HTTPTypes
internal import Hummingbird

/// Headers that keep a page to itself, and the check of the name that a browser thinks it talks to.
struct Guard<Context: RequestContext>: RouterMiddleware {
    /// The names under which the room may be asked, without ports. A page of somebody else whose name suddenly leads here
    /// (DNS rebinding) is turned away.
    let hosts: Set<String>

    /// Nothing from elsewhere, no inline script or style, no frame around a page (W3C, Content Security Policy 3).
    static var policy: String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if !isKnown(request.head.authority) {
            response =
                Problem(
                    status: .misdirectedRequest, title: "The reading room has another name",
                    detail: "ask it by one of its names: --host adds one"
                ).response
        } else if request.method != .get && request.method != .head {
            response = Problem(status: .methodNotAllowed, title: "The reading room only reads").response
            response.headers[.allow] = "GET, HEAD"
        } else {
            do { response = try await next(request, context) } catch { response = Problem(error).response(to: request) }
        }
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.known("Referrer-Policy")] = "no-referrer"
        response.headers[.known("Cross-Origin-Opener-Policy")] = "same-origin"
        response.headers[.known("Cross-Origin-Resource-Policy")] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "private, no-cache" }
        return response
    }

    private func isKnown(_ authority: String?) -> Bool {
        guard let authority else { return false }
        var name = authority.lowercased()
        if let colon = name.lastIndex(of: ":"), name[colon...].dropFirst().allSatisfy(\.isNumber) {
            name = String(name[..<colon])
        }
        return hosts.contains(name)
    }
}

extension HTTPField.Name {
    /// A name that is written in the program, and is one (RFC 9110, section 5.1).
    static func known(_ name: StaticString) -> HTTPField.Name {
        guard let known = HTTPField.Name("\(name)") else { preconditionFailure("\(name) is no name of a field") }
        return known
    }
}
