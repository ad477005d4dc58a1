// A web page's bytes -> a reading. What is read, and why, is in `Pages`.

internal import Pages
public import Story
internal import Text

/// Reads web pages.
public enum HTMLFormat {
    /// The reading of a page, or nil where it has neither a headline nor a paragraph.
    ///
    /// - Parameter declared: the encoding that a transport stated (`Content-Type`), which counts more than what the page says.
    public static func read(_ bytes: [UInt8], declared: String? = nil) -> Reading? {
        let (text, encoding, notes) = PageEncoding.decode(bytes, charset: declared)
        let reading = PageReading.reading(of: PageParser.parse(PageTrimming.trimmed(text)), notes: notes + said(encoding))
        return reading.fields.contains { $0.kind == .paragraph || $0.kind == .headline } ? reading : nil
    }

    /// Every line of a page with what it was taken for, for people who want to know why.
    public static func outline(of bytes: [UInt8]) -> String {
        let text = PageEncoding.decode(bytes, charset: nil).text
        return PageReading.outline(of: PageParser.parse(PageTrimming.trimmed(text)))
    }

    /// The text of the reading is UTF-8, whatever the page was.
    private static func said(_ encoding: TextEncoding) -> [String] {
        encoding == .utf8 ? [] : ["The page was read as \(encoding.rawValue)."]
    }
}
