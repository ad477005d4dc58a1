// What headlines and slugs say of versions.

internal import Text

extension UpdateKinds {
    static let words = WordTable([
        (UpdateKind.Kind.flash.rawValue, "flash newsflash flash_info молния 速報"),
        (UpdateKind.Kind.bulletin.rawValue, "bulletin"),
        (
            UpdateKind.Kind.urgent.rawValue,
            "urgent urgente alert alerte alerta eilmeldung eil eilt breaking breaking_news срочно 快讯 快訊 急电"
        ),
        (UpdateKind.Kind.lead.rawValue, "lead ld nu-lead nulead newlead new_lead"),
        (UpdateKind.Kind.writethru.rawValue, "writethru write-thru writethrough wrap"),
        (UpdateKind.Kind.update.rawValue, "update updated upd zusammenfassung"),
        (
            UpdateKind.Kind.correction.rawValue,
            """
            corrected correction corrects clarification correctif rectificatif corrección korrektur berichtigung berichtigt
            correzione correção исправлено уточнение 更正 訂正 정정
            """
        ),
        (UpdateKind.Kind.refile.rawValue, "refile refiled refiling"),
        (UpdateKind.Kind.repeat.rawValue, "repeat rpt repeats repeating wiederholung répétition повтор 重发"),
        (UpdateKind.Kind.advisory.rawValue, "advisory media_advisory news_advisory"),
        (UpdateKind.Kind.hold.rawValue, "hold hold_for_release withheld"),
        (
            UpdateKind.Kind.kill.rawValue,
            "kill killed mandatory_kill story_removed withdrawn withdrawal retraction story_withdrawn annule annulation 撤稿"
        ),
    ])
}
