// Unicode folding for comparison: what one scalar becomes before words are hashed.
//
// ASCII never comes here. Everything else is folded so that texts that are equal under NFKC and case
// folding give the same words; white space, quotes, dashes and other punctuation only separate words.

/// What a scalar is to the word scanner.
enum ScalarClass {
    /// Part of a word.
    case letter
    /// A word of its own: scripts that put no spaces between words are read character by character.
    case ideograph
    /// Belongs to whatever stands before it.
    case mark
    /// Has no width and no meaning of its own (soft hyphen, joiners): dropped.
    case ignorable
    /// Ends a word.
    case separator
}

enum Folding {
    /// The class of a scalar beyond ASCII.
    static func classify(_ scalar: Unicode.Scalar) -> ScalarClass {
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint { return .ignorable }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark:
            return .mark
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            return isUnspaced(scalar.value) ? .ideograph : .letter
        default:
            return .separator
        }
    }

    /// Whether the scalar belongs to a script that is written without spaces between words.
    static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF,  // Thai, Lao
            0x1000...0x109F,  // Myanmar
            0x1780...0x17FF,  // Khmer
            0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029,  // radicals, iteration marks, Hangzhou numerals
            0x3040...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF,  // kana, bopomofo
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,  // Han
            0xA9E0...0xA9FF, 0xAA60...0xAA7F,  // Myanmar extended
            0xFF66...0xFF9F,  // half-width kana
            0x1B000...0x1B16F, 0x20000...0x3FFFF:
            return true
        default:
            return false
        }
    }
}
