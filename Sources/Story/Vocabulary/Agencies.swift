// The news agencies of the world, by the names that datelines and credits use.

internal import Text

enum Agencies {
    /// Whether `range` names an agency: a known one, alone or in company (`AFP/Reuters`, `Xinhua Net`).
    static func isAgency(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 40 else { return false }
        if table.value(of: range, in: text) != nil { return true }
        guard let first = firstWord(text, range), first.upperBound < range.upperBound else { return false }
        return table.value(of: first, in: text) != nil
    }

    /// Whether the last word of `range`, in capitals, is an agency: `Florion Goga REUTERS`.
    static func endsInAgency(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var start = range.upperBound
        while start > range.lowerBound, text[start - 1] != Byte.space { start -= 1 }
        return start > range.lowerBound && Letters.isAllCaps(text, start..<range.upperBound)
            && isListed(text, start..<range.upperBound)
    }

    /// Whether `range` is exactly the name of a known agency.
    static func isListed(_ text: [UInt8], _ range: Range<Int>) -> Bool { table.value(of: range, in: text) != nil }

    /// Where the longest known agency that starts at `at` ends; letters of three bytes only.
    static func longestListed(_ text: [UInt8], at: Int, end: Int) -> Int? {
        var state = Letters.HashState()
        var longest: Int?
        var next = at
        while next + 3 <= end, text[next] >= Byte.threeByteLead {
            for byte in next..<next + 3 { state.add(text[byte]) }
            next += 3
            if table.value(hash: state.value) != nil { longest = next }
        }
        return longest
    }

    private static func firstWord(_ text: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var stop = range.lowerBound
        while stop < range.upperBound, text[stop] != Byte.space, text[stop] != Byte.slash, text[stop] != Byte.comma,
            text[stop] != Byte.hyphen
        {
            stop += 1
        }
        return stop > range.lowerBound ? range.lowerBound..<stop : nil
    }

    private static let table = WordTable([
        (
            1,
            """
            xinhua reuters ap afp dpa upi efe ansa tass itar-tass interfax ria_novosti ria novosti tanjug pti ani ians uni
            bernama antara kyodo jiji yonhap kcna vna akp apa belga anp lusa aps map wam spa irna isna fars mehr tasnim
            anadolu aa dha iha ukrinform unian pap čtk ctk mti agerpres bta hina sta tanjug fena makfax ata cna mna
            associated_press the_associated_press agence_france-presse press_association pa aap cp canadian_press
            the_canadian_press bloomberg dow_jones europa_press ep notimex prensa_latina pl telam télam sid epd kna apa
            keystone-sda sda ats adnkronos agi askanews tt ntb ritzau stt bns elta leta delfi petra mena sana nna ina
            app apa-afx afx ddp dapd dpa-afx zuma imago getty getty_images picture_alliance shutterstock istock afp/getty keystone adobe_stock zuma_press
            ap_photo pa_wire cp_photo alamy unsplash pixabay pexels depositphotos wikimedia depo_photos funke_foto_services scanpix
            news24 postmedia postmedia_news imago_images eibner nordphoto pa_media reuters_connect epa-efe epa_efe dpa/picture-alliance cns china_news_service global_times
            china_daily cgtn cctv nampa bopa sapa gna nan kna ena zawya naharnet armenpress azertac trend kazinform
            prnewswire pr_newswire businesswire business_wire globenewswire globe_newswire accesswire
            kyodo_news jiji_press newsis news1 ytn cnn bbc
            тасс риа риа_новости интерфакс итар-тасс укринформ унн белта синьхуа рейтер
            新华社 新華社 中新社 中新网 路透社 法新社 美联社 共同社 中央社 时事社 韩联社 塔斯社 人民网 新华网
            央视网 中国新闻网 彭博社 美聯社 韓聯社 朝中社 俄新社 越通社 柬新社 时事通信社 中国新闻社 中通社 德新社 安莎社 埃菲社
            共同 時事 ロイター 新華社 共同通信 時事通信 聯合 연합뉴스 뉴시스 뉴스1 연합 新华网 环球网 澎湃新闻 财联社
            شينخوا رويترز ا_ف_ب أ_ف_ب وام قنا
            """
        )
    ])
}
