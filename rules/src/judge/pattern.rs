//! Patterns in which `*` stands for any run of characters.

/// Whether a text is what the pattern says, case aside; takes time linear in the text for each part of the
/// pattern.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.trim().to_lowercase(), text.trim().to_lowercase());
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        // The leftmost place is as good as any: what follows only needs as much text as possible.
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_run() {
        for (pattern, text, expected) in [
            ("shop", "Shop", true),
            ("shop", "shops", false),
            ("shop", "", false),
            ("", "", true),
            ("", "x", false),
            ("*", "", true),
            ("*@lists.example.org", "1234@Lists.Example.org", true),
            ("*@lists.example.org", "1234@example.org", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("a**a", "aa", true),
            ("ü*ß", "Ü und ß", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern:?} on {text:?}");
        }
    }
}
