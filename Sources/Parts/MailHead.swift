// Whether a file begins as mail does. A story's own header (`Date: ...`, `Title: ...`) has the same form, so what counts is what
// only mail has: lines that mail servers add, or a sender with the lines that RFC 5322 asks for.

internal import Text

enum MailHead {
    static func format(of head: [UInt8], _ start: Int) -> Format? {
        if Letters.has("From ", head, at: start), let end = head[start...].firstIndex(of: Byte.lineFeed) {
            // mbox (RFC 4155): a postmark, then a mail's header.
            let postmark = head[start..<end]
            if postmark.contains(Byte.colon), postmark.contains(where: Letters.isDigit), isMail(head, end + 1) {
                return .mbox
            }
            return nil
        }
        return isMail(head, start) ? .mail : nil
    }

    static func isMail(_ head: [UInt8], _ start: Int) -> Bool {
        var at = start
        var (hasFrom, hasDate, others) = (false, false, 0)
        var lines = 0
        while at < head.count, lines < 200 {
            let end = head[at...].firstIndex(of: Byte.lineFeed) ?? head.count
            if head[at] == Byte.space || head[at] == Byte.tab {
                guard lines > 0 else { return false }
            } else {
                guard let colon = nameEnd(head, at, end) else { break }
                switch String(decoding: head[at..<colon], as: UTF8.self).lowercased() {
                case "received", "message-id", "mime-version", "return-path", "delivered-to", "dkim-signature",
                    "x-mailer", "content-transfer-encoding", "x-received", "received-spf":
                    return true
                case "from": hasFrom = head[colon..<end].contains(UInt8(ascii: "@"))
                case "date": hasDate = true
                case "to", "subject", "reply-to", "cc", "content-type", "sender": others += 1
                default: break
                }
                if hasFrom, hasDate, others > 0 || hasFrom && others > 1 { return true }
            }
            lines += 1
            at = end + 1
        }
        return false
    }

    /// The colon after a header's name at the start of a line.
    private static func nameEnd(_ head: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var at = start
        while at < end, at - start < 77, head[at] > Byte.space, head[at] < Byte.delete, head[at] != Byte.colon {
            at += 1
        }
        return at > start && at < end && head[at] == Byte.colon ? at : nil
    }
}
