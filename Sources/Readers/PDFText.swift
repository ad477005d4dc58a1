// What pdftotext gives, as a story: pages end with a form feed, lines are as they stood on the page.

internal import Story
internal import Text

enum PDFText {
    static func reading(_ text: [UInt8]) -> Reading {
        let pages = text.count { $0 == 0x0C }
        let plain = text.map { $0 == 0x0C ? 0x0A : $0 }
        var reading = Reading(of: plain)
        reading.encoding = .utf8
        for index in reading.fields.indices { reading.fields[index].rule = "pdf/" + reading.fields[index].rule }
        reading.notes.append("Read by pdftotext from \(pages) \(pages == 1 ? "page" : "pages").")
        return reading
    }
}
