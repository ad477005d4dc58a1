// Words in and beside the names of people.

internal import Text

extension Names {
    static let connectives = WordTable([
        (1, "and und et y e och og en i ve dan và и та mit with avec con a och")
    ])

    static let particles = WordTable([
        (1, "von van de der den del della di da do dos du la le el al bin ibn ben abu zu zur ter ten af av y e i ul")
    ])

    static let notNames = WordTable([
        (
            1,
            """
            the this that with from news uhr min minuten minutes read lesezeit share today heute all our your my more
            mehr weather top last first video foto photo quelle stand her his its was were has have der die das ein eine
            for not after before when what how who und nicht im am ist sind war bei ich wir sie el los las una un une
            advertisement newsletter podcast interview exclusive opinion politics politik sport sports world business
            """
        )
    ])

    static let roles = WordTable([
        (
            1,
            """
            redakteur redakteurin korrespondent korrespondentin staff reporter correspondent writer editor senior special
            chief political business sports journalist journalistin volontär volontärin chefredakteur reporterin contributing
            redactor periodista corresponsal envoyé correspondante correspondant inviato corrispondente
            """
        )
    ])
}
