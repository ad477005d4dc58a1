// The names of the months in the languages that news copy comes in.

internal import Text

package enum Months {
    /// The month that the word at `range` names, 1 to 12, or nil.
    package static func number(_ text: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.count >= 3, range.count <= 28 else { return nil }
        return table.value(of: range, in: text).map(Int.init)
    }

    /// Whether the short form at `range` is an everyday word of some language too, so that only a year beside
    /// it makes it a month ("12 des 27 pays").
    static func isAlsoAWord(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        range.count <= 3 && words.value(of: range, in: text) != nil
    }

    /// Whether the word at `at` is a month's name with a number after it.
    static func startsDate(_ text: [UInt8], _ at: Int, _ end: Int) -> Bool {
        var stop = at
        while stop < end, stop - at < 28, text[stop] >= Byte.firstBeyondASCII || Letters.isAsciiLetter(text[stop]) {
            stop += 1
        }
        guard number(text, at..<stop) != nil else { return false }
        if stop < end, text[stop] == Byte.period { stop += 1 }
        let next = Dates.skipBlanks(text, stop, end)
        return next > stop && next < end && Letters.isDigit(text[next])
    }

    private static let words = WordTable([(1, "des out set sen may ara tem kas lis gen mei mag haz gru")])

    // English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic and Baltic languages, Polish,
    // Czech, Slovak, Hungarian, Romanian, Turkish, Indonesian, Malay, Swahili, Russian, Ukrainian, Greek,
    // Hindi, Khmer, Arabic, Persian: full names, cases that dates use, and the usual short forms.
    private static let table = WordTable([
        (
            1,
            """
            january jan januar jänner janvier janv enero ene gennaio gen janeiro januari tammikuuta tammikuu janúar
            styczeń stycznia leden ledna január januára ianuarie ian ocak oca sausio sausis janvāris janvārī jaanuar
            январь января янв січня січень ιανουαρίου ιαν जनवरी មករា يناير ژانویه ιανουάριος
            """
        ),
        (
            2,
            """
            february feb febr februar februari février févr fév febrero febbraio fevereiro fev helmikuuta febrúar luty
            lutego lut únor února február februára februarie şubat şub vasario vasaris februāris februārī veebruar
            pebruari февраль февраля фев лютого лютий φεβρουαρίου φεβ फरवरी फ़रवरी កុម្ភៈ فبراير fevrier feber
            """
        ),
        (
            3,
            """
            march mar märz mars marzo março maart marts maaliskuuta marec marca marzec března březen március márc
            martie mart kovo kovas marts märts maret mac machi март марта мар березня березень μαρτίου μαρ मार्च មីនា
            مارس mrz maerz mär
            """
        ),
        (
            4,
            """
            april apr avril avr abril abr aprile huhtikuuta apríl kwiecień kwietnia dubna duben apríla április ápr
            aprilie nisan nis balandžio balandis aprīlis aprīlī aprill aprili апрель апреля апр квітня квітень
            απριλίου απρ अप्रैल មេសា أبريل
            """
        ),
        (
            5,
            """
            may mai mayo maggio mag maio mei maj toukokuuta maí maja maj május máj mayıs gegužės gegužė maijs maijā mei
            mey май мая травня травень μαΐου मई ឧសភា مايو května květen mája kvě
            """
        ),
        (
            6,
            """
            june jun juni juin junio giugno giu junho kesäkuuta júní czerwca czerwiec cze června červen júna június jún
            iunie iun haziran haz birželio birželis jūnijs jūnijā juuni июнь июня июн червня червень ιουνίου ιουν जून មិថុនា
            يونيو jún
            """
        ),
        (
            7,
            """
            july jul juli juillet juil julio luglio lug julho heinäkuuta júlí lipca lipiec lip července červenec júla
            július júl iulie iul temmuz tem liepos liepa jūlijs jūlijā juuli julai июль июля июл липня липень ιουλίου
            ιουλ जुलाई កក្កដា يوليو
            """
        ),
        (
            8,
            """
            august aug août agosto ago elokuuta ágúst sierpnia sierpień sie srpna srpen augusta augusztus ağustos ağu
            augustus rugpjūčio rugpjūtis augusts augustā agustus ogos agosti август августа авг серпня серпень
            αυγούστου αυγ अगस्त សីហា أغسطس aout ágú
            """
        ),
        (
            9,
            """
            september sep sept septembre septiembre setiembre settembre set setembro syyskuuta września wrzesień wrz
            září septembra szeptember szept septembrie eylül eyl rugsėjo rugsėjis septembris septembrī septemba
            сентябрь сентября сен сент вересня вересень σεπτεμβρίου σεπ सितंबर សេប្តេម្បិរ កញ្ញា سبتمبر
            """
        ),
        (
            10,
            """
            october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta október października październik
            října říjen októbra octombrie ekim eki spalio spalis oktobris oktobrī oktoober oktoba октябрь октября окт
            жовтня жовтень οκτωβρίου οκτ अक्टूबर តុលា أكتوبر paź
            """
        ),
        (
            11,
            """
            november nov novembre noviembre novembro marraskuuta nóvember listopada listopad lis listopadu novembra
            noiembrie kasım kas lapkričio lapkritis novembris novembrī novemba ноябрь ноября ноя нояб листопада
            νοεμβρίου νοε नवंबर វិច្ឆិកា نوفمبر
            """
        ),
        (
            12,
            """
            december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des joulukuuta grudnia
            grudzień gru prosince prosinec decembra decembrie aralık ara gruodžio gruodis decembris decembrī detsember
            desemba декабрь декабря дек грудня грудень δεκεμβρίου δεκ दिसंबर ធ្នូ ديسمبر decembre
            """
        ),
    ])
}
