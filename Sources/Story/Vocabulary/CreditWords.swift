// Words that stand before and in the credit of a picture.

internal import Text

extension Pictures {
    static let creditWords = WordTable([
        (
            1,
            """
            photo photos photograph foto fotos bild bildquelle image images picture fotografía фото credit video copyright
            quelle zdroj ljósmynd nuotrauka nuotr φωτογραφία ilustrasi dok фотография зураг ภาพ फोटो 사진 写真 图 bron crédito crédit credits
            photographer fotograf fotografin fotografo fotógrafo symbolfoto archivfoto archivbild fotó zdjęcie fot kuva ảnh fotografie source
            """
        )
    ])

    static let abbreviations = WordTable([
        (1, "mr mrs ms dr prof st gen col lt sgt sen rep gov jr sr no jan feb mar apr jun jul aug sep sept oct nov dec")
    ])
}
