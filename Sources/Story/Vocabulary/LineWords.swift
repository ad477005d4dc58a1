// Words that say what a line is: the marks at the end of copy, the verbs of credits, the names of header fields.

internal import Text

extension Reader {
    static let endMarks = WordTable([
        (1, "enditem end ends endit -30- 30 完 全文完 おわり 끝 fin fine ende fim slut конец -end- ends- more")
    ])

    static let verbs = WordTable([
        (
            reported,
            """
            reporting_by additional_reporting_by writing_by written_by reported_by reportage reportage_de reporte_de
            bericht_von berichtet_von reportagem_de story_by text_by
            """
        ),
        (
            2,
            "editing_by edited_by compiled_by translated_by redigiert_von editado_por édité_par version_française translation_by"
        ),
    ])

    static let changes = WordTable([
        (1, "adds updates recasts corrects refiles repeats removes rewrites rewords clarifies deletes releads refiling")
    ])

    /// The keys that header lines begin with, and what they state.
    static let keys: [(Field.Kind, String)] = [
        (.headline, "headline title hed überschrift titel titre título titolo 标题 標題"),
        (.byline, "byline author authors by autor auteur 作者"),
        (.contentcreated, "date dated published date_published datum fecha data 日期 时间"),
        (.dateline, "dateline"),
        (.located, "location place city located"),
        (.infosource, "source agency infosource service quelle fuente 来源"),
        (.slugline, "slug slugline"),
        (.urgency, "urgency priority"),
        (.ednote, "ednote editors_note editor's_note note_to_editors"),
        (.embargoed, "embargo embargoed embargoed_until embargo_until sperrfrist"),
        (.usageterms, "usageterms usage_terms usage terms rights"),
        (.copyright, "copyright copyrightholder copyrightnotice"),
        (.language, "language lang"),
        (.pubstatus, "pubstatus status"), (.boilerplate, "editor 编辑 责任编辑 editors"),
    ]
}
