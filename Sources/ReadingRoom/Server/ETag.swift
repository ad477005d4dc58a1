// An answer that a browser has already is not sent again (RFC 9110, section 8.8.3).

internal import Hummingbird

struct ETag<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard response.status == .ok, let length = response.body.contentLength, length > 0 else { return response }
        let collector = Collector()
        try await response.body.write(collector)
        let body = collector.buffer
        response.body = ResponseBody(byteBuffer: body)
        let tag = "\"\(String(Self.hash(body.readableBytesView), radix: 16))\""
        response.headers[.eTag] = tag
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.trimmingPrefix(" ") }
        if known?.contains(where: { $0 == tag || $0 == "W/" + tag || $0 == "*" }) == true {
            return Response(status: .notModified, headers: [.eTag: tag], body: ResponseBody())
        }
        return response
    }

    /// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): tells versions of one page apart, and guards nothing.
    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private final class Collector: ResponseBodyWriter {
        var buffer = ByteBuffer()
        func write(_ piece: ByteBuffer) async throws { buffer.writeImmutableBuffer(piece) }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
