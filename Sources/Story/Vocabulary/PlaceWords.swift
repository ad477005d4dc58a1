// Words in datelines: what may stand inside a place, what is no place, places in scripts without capitals.

internal import Text

extension Datelines {
    static let particles = WordTable([
        (1, "de la le les el los las del da do dos das di du of the and y e et und am an der den upon sur on al bin")
    ])

    static let notPlaces = WordTable([
        (
            1,
            """
            note notes update updates corrected correction analysis exclusive breaking urgent opinion editorial review
            flash bulletin advisory interview factbox timeline preview feature profile table text watch photo video
            editors attention nota atención achtung hinweis question answer summary background highlights
            """
        )
    ])

    static let khmerPlaces = WordTable([
        (
            1,
            """
            ភ្នំពេញ រាជធានីភ្នំពេញ សៀមរាប បាត់ដំបង ព្រះសីហនុ កំពត កែប កំពង់ចាម កំពង់ឆ្នាំង កំពង់ស្ពឺ កំពង់ធំ កណ្តាល កណ្ដាល កោះកុង
            ក្រចេះ មណ្ឌលគិរី ឧត្តរមានជ័យ ប៉ៃលិន ព្រះវិហារ ព្រៃវែង ពោធិ៍សាត់ រតនគិរី ស្ទឹងត្រែង ស្វាយរៀង តាកែវ ត្បូងឃ្មុំ បន្ទាយមានជ័យ ប៉េកាំង បាងកក
            """
        )
    ])
}
