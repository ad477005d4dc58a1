// Phrases that say what a line is, in the languages of the press: looked up by the hash of a line's first
// words or of the whole line, without regard to case.

internal import Text

/// What a phrase says about its line.
enum Phrase: UInt8 {
    /// A share bar, an advert's label, a link to other stories ...: furniture of a page.
    case furniture = 1
    /// `By`, `Von`, `Author:`: names follow.
    case byline
    /// `Photo:`, `Foto:`: a credit follows.
    case credit
    /// `Published`, `Veröffentlicht am`: the date of the story follows.
    case published
    /// `Updated`: a later date follows.
    case updated
    /// Legal terms.
    case terms
    /// A note to editors.
    case ednote
    case embargo
}

enum Phrases {
    /// The longest phrase, in words.
    static let mostWords = 5

    /// What the first words of `range` say, and where those words end.
    static func leading(_ text: [UInt8], _ range: Range<Int>) -> (Phrase, Int)? {
        var best: (Phrase, Int)?
        var isFirst = true
        scan(text, range) { hash, end in
            if isFirst, firstWords.value(hash: hash) == nil { return false }
            isFirst = false
            if let value = prefixes.value(hash: hash), let phrase = Phrase(rawValue: value) { best = (phrase, end) }
            return true
        }
        return best
    }

    /// Whether the whole of `range` is a phrase of page furniture.
    static func isFurniture(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count <= 60 else { return false }
        var whole: UInt64 = 0
        var end = range.lowerBound
        scan(text, range) { hash, stop in
            whole = hash
            end = stop
            return true
        }
        return end >= lastLetter(text, range) && furniture.value(hash: whole) != nil
    }

    private static func lastLetter(_ text: [UInt8], _ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, !isLetter(text[end - 1]) { end -= 1 }
        return end
    }

    @inline(__always)
    private static func isLetter(_ byte: UInt8) -> Bool { byte >= Byte.firstBeyondASCII || Letters.isAsciiLetter(byte) }

    /// Calls `visit` with the hash of the first word, the first two words ... and where they end, while it
    /// answers true. Between the words counts one blank, whatever stands there but letters and digits.
    private static func scan(_ text: [UInt8], _ range: Range<Int>, visit: (UInt64, Int) -> Bool) {
        var at = range.lowerBound
        var hash = Letters.HashState()
        for word in 0..<mostWords {
            while at < range.upperBound, !isLetter(text[at]) {
                if Letters.isDigit(text[at]), word > 0 { return }
                at += 1
            }
            guard at < range.upperBound else { return }
            if word > 0 { hash.add(Byte.space) }
            let start = at
            while at < range.upperBound, isLetter(text[at]) || text[at] == Byte.apostrophe {
                hash.add(text[at])
                at += 1
                if at - start > 40 { return }
            }
            guard visit(hash.value, at) else { return }
        }
    }

    private static let prefixes = WordTable(prefixWords, hyphensAreBlanks: true)

    /// The words that some phrase begins with: most lines are done with after one look-up.
    private static let firstWords = WordTable(prefixWords, hyphensAreBlanks: true, firstWordsOnly: true)

    private static let prefixWords: [(UInt8, String)] = [
        (
            Phrase.byline.rawValue,
            """
            by von par por da di de av af door przez autor autorin autoren auteur autore autora author authors
            author_of_the_article text texte texto testo tekst written_by geschrieben_von by_our story_by reported_by
            report_by words_by text_von oleh penulis yazan автор авторы текст ein_artikel_von ein_kommentar_von
            napsal napsala autoři írta szerző γράφει scritto_da kirjutas autorius teksti kirjoittaja höfundur verfasst_von ein_bericht_von
            tekst_og_foto text_und_foto reporting_by words_by article_by rédigé_par escrito_por publicado_por redactado_por
            di_redazione un_reportaje_de nachricht_von from_our_correspondent reporter reporters
            von_unserem_korrespondenten un_article_de propos_recueillis_par a_cura_di skrevet_av tác_giả redaktion autoři
            """
        ),
        (
            Phrase.credit.rawValue,
            """
            photo photos foto fotos fotografía bild bilder bildquelle image credit photo_by photo_credit picture
            photograph photos_by photo_courtesy copyright фото fotó zdjęcie fot kuva ảnh nuotr quelle symbolfoto archivfoto
            fotografie image_credit photograph_by fotografia imagem immagine illustration video source archivbild symbolbild
            """
        ),
        (
            Phrase.published.rawValue,
            """
            published posted publié_le publicado publicado_el veröffentlicht veröffentlicht_am erstellt publiziert
            publisert publicerad udgivet offentliggjort pubblicato publikacja opublikowano julkaistu date dated datum datum_vydání
            gepubliceerd zuerst_veröffentlicht_am first_published опубликовано published_on date_published created
            objavljeno publicat geplaatst gepubliceerd_op dodano data_publikacji vydáno zveřejněno publikováno megjelent közzétéve
            δημοσιεύτηκε δημοσίευση опубліковано публикувано objavljeno đăng_lúc प्रकाशित نشر تاريخ_النشر פורסם birt avaldatud utgivet
            oprettet first_posted originally_published published_at posted_on posted_at released issued filed created_on date_posted
            veröffentlichung erschienen erschienen_am publication date_de_publication publié publiée fecha_de_publicación data_pubblicazione
            geschrieben_am tarih 입력 등록 公開日 公開 発行 发布时间 时间 掲載 yayın_tarihi tanggal diterbitkan
            """
        ),
        (
            Phrase.updated.rawValue,
            """
            updated last_updated last_modified update mis_à_jour mis_à_jour_le actualizado aktualisiert
            zuletzt_aktualisiert aktualisierung modified aggiornato aggiornato_alle aktualizacja aktualizováno oppdatert
            sist_oppdatert uppdaterad opdateret güncelleme son_güncelleme обновлено 수정 更新 最終更新 stand atualizado
            ažurirano actualitzat laatste_update laatst_bijgewerkt zaktualizowano frissítve ενημερώθηκε оновлено diperbarui अपडेटेड अपडेट
            تحديث עודכן uppfært uuendatud mise_à_jour dernière_mise_à_jour última_actualización ultimo_aggiornamento zuletzt_geändert
            senest_opdateret sidst_opdateret senast_uppdaterad ändrad geändert revised updated_on updated_at
            bijgewerkt actualizat cập_nhật päivitetty
            """
        ),
        (
            Phrase.furniture.rawValue,
            """
            read_more read_also read_next read_the_full see_also also_read more_on more_from related related_articles
            related_stories sign_up subscribe subscribe_to follow_us share_this click_here download_our join_the
            listen_to_this watch_live you_may_also you_might_also recommended trending advertisement
            lesen_sie lesen_sie_auch mehr_zum_thema mehr_zu mehr_von das_könnte_sie lesen_sie_mehr auch_interessant
            hier_geht_es zum_thema zum_artikel weitere_artikel jetzt_abonnieren abonnieren_sie melden_sie_sich
            lire_aussi à_lire_aussi lire_plus abonnez-vous inscrivez-vous sur_le_même_sujet voir_aussi
            leer_más lee_también te_puede_interesar más_información suscríbete también_te_puede puede_interesarte
            leggi_anche leggi_tutto iscriviti potrebbe_interessarti les_også les_mer les_saken läs_också läs_mer læs_også
            læs_mere czytaj_także czytaj_więcej czytaj_też přečtěte_si čtěte_také lees_ook lees_meer lue_myös
            leia_também leia_mais saiba_mais baca_juga baca_selengkapnya читайте_также читать_далее подпишитесь xem_thêm
            diesen_artikel_teilen öffne_bild open_this_photo this_article_was diese_zusammenfassung
            der_artikel_für_sie in_kürze kort_fortalt darum_gehts bekijk_ook sammendraget_er zum_weiterlesen
            image_source image_caption this_advertisement_has this_video_has thanks_for_signing by_signing_up a_welcome_email
            the_next_issue we_apologize_but tap_here_to create_an_account enjoy_the_latest get_the_latest get_breaking_news
            don't_miss stay_informed support_our become_a_member already_a_subscriber to_continue_reading this_content_is
            subscribe_now log_in_to register_to buy_now our_journalism download_the find_out_more learn_more more_stories
            externer_inhalt empfohlener_redaktioneller_inhalt an_dieser_stelle_finden an_dieser_stelle_findest personenbezogene_daten_können
            ich_bin_damit_einverstanden deine_privatsphäre-einstellungen dies_ist_eine_maschinelle lest_auch link_zum mehr_dazu jetzt_lesen
            die_wiedergabe_wurde newsletter_abonnieren der_newsletter jetzt_anmelden hier_klicken mehr_lesen auch_lesenswert
            recevez_nos cet_article_est vous_avez_déjà pour_lire_la découvrez_aussi l'article_complet réservé_aux_abonnés
            esta_funcionalidad_es suscríbete_para noticia_relacionada noticias_relacionadas más_noticias sigue_leyendo haz_clic
            articoli_correlati leggi_il continua_a_leggere newsletter_iscriviti per_approfondire guarda_il
            open_image get_our join_our we_use_cookies this_site_uses wir_verwenden_cookies nous_utilisons
            """
        ),
        (
            Phrase.terms.rawValue,
            """
            all_rights_reserved alle_rechte_vorbehalten tous_droits_réservés todos_los_derechos this_material_may
            reproduction_prohibited reprinted_with_permission for_editorial_use_only not_for_sale ©
            """
        ),
        (
            Phrase.ednote.rawValue,
            """
            editor's_note editors_note editors'_note eds attention_editors note_to_editors achtung_redaktionen
            note_aux_rédactions nota_del_editor nota_a_los_editores hinweis_an_die_redaktionen
            """
        ),
        (
            Phrase.embargo.rawValue,
            "embargo embargoed embargoed_until embargoed_for sperrfrist hold_for_release sous_embargo"
        ),
    ]

    private static let furniture = WordTable(furnitureWords, hyphensAreBlanks: true)

    private static let furnitureWords: [(UInt8, String)] = [
        (
            1,
            """
            advertisement advert ad ads anzeige werbung annonce annons annonse publicidad publicité pubblicità
            reklama реклама reklam publicidade iklan quảng_cáo advertentie share share_article share_this_article
            share_this_story social_sharing facebook twitter linkedin whatsapp email e-mail mail print pinterest
            reddit telegram messenger flipboard xing bluesky instagram youtube tiktok link copy_link link_copied copied
            comments comment kommentare kommentar kommentieren commenter commentaires comentarios comentar comenta commenti
            comparte compartir condividi partager teilen drucken merken speichern spara dela mejla del følg följ følg_oss
            tips_meg dele udskriv gem gespeichert anhören vorlesen druckansicht hören artikel_anhören artikel_teilen
            menu search suche suchen suche_abbrechen suche_starten login log_in anmelden register sign_in
            subscribe abo abonnieren newsletter home startseite news top video videos audio podcast autoplay
            weitere_videos article_content article join_the_conversation powered_by story_continues_below
            story_continues_below_this_ad trending most_read related recommended recommended_videos
            close schließen lukk vis_mer vis_mindre vis_færre mehr_anzeigen weniger_anzeigen weiterlesen continue_reading
            read_more show_more view_comments back_to_top next previous weiter zurück
            artikel článek suite_de_l'article la_suite_après_cette_publicité publié écouter enregistrer
            tamaño_de_letra color_de_fondo regala_esta_noticia guardar escuchar imprimir
            text_size small medium large comments_share aa a_a lesezeit vollbild fullscreen helskärm
            paylaş yazdır kaydet kopyala dinle yazı_boyutu bagikan komentar chia_sẻ bình_luận lưu
            反応 印刷する 保存 シェア ポスト 댓글 공유 추천_기사 이미지_확대보기 사진_확대 닫기 메일 リンク ブックマーク メール 印刷 스크랩
            スクラップ 新規登録 分享 打印 评论 收藏 相关阅读 责任编辑 कॉपी_लिंक शेयर
            annonsørinnhold annonsorinnhold reklamlar sponsored promoted promoted_content gesponsert
            schlagzeilen mehr_zum_thema lesen_sie_auch zum_thema das_könnte_sie_auch_interessieren meistgelesen
            hirdetés διαφήμιση mainos auglýsing oglas reklaam विज्ञापन إعلان פרסומת continues_below advertisement_continue_reading
            story_continues article_continues_below continue_reading_below read_full_story full_story more_stories more_news
            most_popular popular latest latest_news top_stories editor's_picks you_might_like up_next watch_now listen_now
            listen_to_article listen_to_this_article play pause gift_this_article save save_article bookmark follow following
            copy x threads tumblr line wechat weibo viber vk ok snapchat email_this print_this print_article font_size
            sign_up sign_up_now log_in_or_sign_up create_account my_account help contact contact_us about_us privacy_policy
            terms_of_use terms_of_service cookie_policy cookie_settings accept accept_all reject_all manage_cookies
            file_photo image_gallery gallery photo_gallery slideshow open_gallery enlarge_image view_gallery image_caption
            media_caption getty_images reuters_connect
            artikel_merken artikel_drucken artikel_vorlesen per_mail_teilen auf_facebook_teilen zur_startseite zum_seitenanfang
            bildergalerie fotostrecke bild_vergrößern vollbild_anzeigen mehr_erfahren jetzt_lesen jetzt_testen datenschutz impressum
            lire_la_suite lire_plus_tard partager_sur_facebook imprimer_l'article offrir_cet_article s'abonner se_connecter
            compartir_en_facebook compartir_en_twitter ver_más seguir_leyendo leer_después iniciar_sesión suscríbete suscribirse
            condividi_su_facebook stampa ascolta salva abbonati accedi vai_ai_commenti commenta
            partilhar compartilhar ouvir assine entrar delen reageer opslaan inloggen abonneren
            udostępnij skomentuj zapisz subskrybuj sdílet diskuse uložit přihlásit_se zdieľať megosztás hozzászólások
            jaa kommentoi tilaa kirjaudu deila vista abonneer kopier_lenke lukk_annonse logg_inn bli_abonnent
            поделиться комментарии подписаться распечатать сохранить войти поширити коментарі
            chia_sẻ_facebook theo_dõi đăng_nhập bagikan_ke masuk daftar langganan salin_link
            記事を印刷する メールで送る リンクをコピーする 会員登録 ログイン この記事を シェアする 続きを読む 無料会員登録 有料会員限定
            공유하기 기사저장 글자크기 구독 로그인 좋아요 응원수 글씨크기_조절 기사_읽어주기
            分享到 收藏本文 字号 返回顶部 点击查看更多 阅读原文 分享讓更多人看到
            copiar_enlace copier_le_lien lien_copié lire_dans_l'app ajouter_à_mes_articles link_kopieren
            """
        )
    ]
}
