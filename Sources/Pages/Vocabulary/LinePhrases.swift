// How lines begin that stand among the paragraphs of an article and are no part of it: data.

internal import Text

enum LinePhrases {
    /// Whether the text at `range` begins as a reference to other copy does, or as a call to do something.
    static func isReference(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound, text[at] <= Byte.space || isBullet(text[at]) { at += 1 }
        guard at < range.upperBound, range.upperBound - at <= 400 else { return false }
        var hash = Letters.HashState()
        var stop = at
        // The beginnings are of one to four words; each end of a word is looked up.
        var words = 0
        while stop < range.upperBound, words < 5 {
            let byte = text[stop]
            if byte <= Byte.space || byte == Byte.colon || byte == Byte.exclamation || byte == Byte.greater {
                words += 1
                if let code = beginnings.value(hash: hash.value) {
                    if code == 1 || byte == Byte.colon || byte == Byte.greater { return true }
                }
                if byte != Byte.space { break }
            }
            hash.add(byte)
            stop += 1
        }
        guard stop == range.upperBound else { return false }
        return beginnings.value(hash: hash.value) != nil || whole.value(hash: hash.value) != nil
    }

    /// Whether a short text has words in it that notices of the site have, and stories hardly ever.
    static func isNotice(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count < 320 else { return false }
        // The hashes of the runs of one to four words that are being read.
        var runs: [Letters.HashState] = []
        var at = range.lowerBound
        while at < range.upperBound {
            while at < range.upperBound, !LetterSet.isLetter(text[at]) { at += 1 }
            let start = at
            while at < range.upperBound, LetterSet.isLetter(text[at]) || text[at] == Byte.hyphen { at += 1 }
            guard at > start else { break }
            for index in runs.indices { runs[index].add(Byte.space) }
            runs.append(Letters.HashState())
            if runs.count > 4 { runs.removeFirst() }
            for index in runs.indices {
                for byte in text[start..<at] { runs[index].add(byte) }
                if notices.value(hash: runs[index].value) != nil { return true }
            }
        }
        return false
    }

    private static let notices = WordTable([
        (
            1,
            "newsletter newsletters cookies javascript all_rights_reserved alle_rechte_vorbehalten tous_droits_réservés"
        ),
        (1, "todos_los_derechos_reservados tutti_i_diritti_riservati externer_inhalt externe_inhalte externen_inhalt"),
        (
            1,
            "datenschutzerklärung privatsphäre-einstellungen privacy_policy terms_of_service terms_of_use sign_in log_in"
        ),
        (
            1,
            "create_an_account réservée_aux_abonnés déjà_abonné tu_suscripción whatsapp-kanal whatsapp_channel app_store"
        ),
        (1, "google_play push-nachrichten redaktioneller_inhalt inhalte_erlauben failed_to_load article_à_lire"),
        (
            1,
            "chatgpt openai affiliate your_inbox ihr_postfach free_trial anmelden_oder jetzt_abonnieren abonnieren_sie"
        ),
        (1, "無断転載 無断転載を禁じます 무단 전재 telegram_channel unser_angebot affiliate-links provision"),
    ])

    private static func isBullet(_ byte: UInt8) -> Bool {
        byte == Byte.asterisk || byte == Byte.greater || byte == Byte.hyphen || byte == Byte.openParenthesis
            || byte == Byte.openBracket || byte == Byte.plus
    }

    /// 1: a line that begins so is none of the text; 2: only if a colon follows.
    private static let beginnings = WordTable([
        (
            1,
            "read_more read_also also_read read_next see_also more_on more_from more: watch_now watch: related: related_stories"
        ),
        (1, "related_articles recommended: don't_miss click_here sign_up subscribe_to follow_us join_our download_our"),
        (
            1,
            "continue_reading story_continues advertisement this_article_is_for lesen_sie_auch lesen_sie_mehr lesen_sie_hier mehr_zum_thema"
        ),
        (
            1,
            "mehr_dazu auch_interessant das_könnte_sie lesetipp mehr_zu weitere_artikel weiterlesen hier_geht_es_zum jetzt_lesen"
        ),
        (
            1,
            "lire_aussi à_lire_aussi a_lire_aussi voir_aussi lire_la_suite lee_también lea_también leer_más te_puede_interesar más_información"
        ),
        (
            1,
            "leggi_anche leggi_tutto per_approfondire lees_ook lees_meer læs_også les_også läs_också läs_mer leia_também leia_mais"
        ),
        (
            1,
            "czytaj_także czytaj_też zobacz_także čtěte_také čtěte_též přečtěte_si_také читайте_также читайте_також смотрите_также"
        ),
        (1, "ayrıca_bakınız baca_juga ilgili_haber xem_thêm 関連記事 もっと見る 関連リンク あわせて読みたい"),
        (
            2,
            "more watch related recommended mehr auch lire voir lea leggi see read listen source quelle fuente video foto photo"
        ),
        (2, "tags topics themen tema temas etiquetas"),
    ])

    /// Lines that are nothing else.
    private static let whole = WordTable([
        (
            1,
            "advertisement anzeige werbung publicité publicidad pubblicità reklama reklam annonse annons advertentie share teilen"
        ),
        (
            1,
            "compartir partager condividi comments kommentare comentarios commentaires print drucken related newsletter loading"
        ),
        (1, "sponsored close schließen cerrar fermer chiudi more mehr menu search suche login"),
    ])
}
