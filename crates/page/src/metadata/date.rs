//! Dates as people write them, in many languages, as `YYYY-MM-DD`.

use jiff::civil::Date;

/// Longest start of a line searched, in bytes.
const SEARCHED: usize = 240;
/// Years a page on the web can have been published in or tell of in its dateline.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2099;

/// How `03/04/2024` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Order {
    #[default]
    DayFirst,
    MonthFirst,
}

/// Month names, full and short: en de fr es it pt nl pl ru uk el sv da cs tr ro id ar.
const MONTHS: [&str; 12] = [
    "january jan januar janvier janv enero ene gennaio gen janeiro januari stycznia styczeń января январь янв січня \
     ιανουαρίου ιαν ledna leden ocak ianuarie يناير jän jänner",
    "february feb februar février févr fév febrero febbraio febbr fevereiro fev februari lutego luty февраля февраль \
     фев лютого φεβρουαρίου φεβ února únor şubat februarie فبراير",
    "march mar märz mrz mars marzo março maart mrt marca marzec марта март мар березня μαρτίου μαρ března březen \
     marts mart martie maret مارس",
    "april apr avril avr abril abr aprile kwietnia kwiecień апреля апрель апр квітня απριλίου απρ dubna duben nisan \
     aprilie أبريل",
    "may mai mayo maggio mag maio mei maja maj мая май травня μαΐου μαΐ μάιος května květen mayıs مايو",
    "june jun juni juin junio giugno giu junho czerwca czerwiec июня июнь июн червня ιουνίου ιουν června červen \
     haziran iunie يونيو",
    "july jul juli juillet juil julio luglio lug julho lipca lipiec июля июль июл липня ιουλίου ιουλ července \
     červenec temmuz iulie يوليو",
    "august aug août aout agosto ago augustus sierpnia sierpień августа август авг серпня αυγούστου αυγ srpna srpen \
     ağustos agustus أغسطس",
    "september sep sept septembre septiembre settembre sett set setembro września wrzesień сентября сентябрь сен \
     сент вересня σεπτεμβρίου σεπ září eylül septembrie سبتمبر",
    "october oct oktober okt octobre octubre ottobre ott outubro out października październik октября октябрь окт \
     жовтня οκτωβρίου οκτ října říjen ekim octombrie أكتوبر",
    "november nov novembre noviembre novembro listopada listopad ноября ноябрь ноя листопада νοεμβρίου νοε \
     listopadu kasım noiembrie نوفمبر",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień декабря декабрь дек \
     грудня δεκεμβρίου δεκ prosince prosinec aralık decembrie desember ديسمبر",
];

/// Words that stand between day, month and year.
const FILLERS: &str = "de del of the st nd rd th er ten den a º ª";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Number {
        value: i16,
        digits: usize,
    },
    Month(i8),
    /// A unit or separator: `-`, `/`, `.`, `年`, …
    Mark(char),
    Space,
    Filler,
    Word,
}

/// The first date of a short line as `YYYY-MM-DD`. Ages such as `1d` or `2 hours ago` are none.
pub(crate) fn date_in(text: &str) -> Option<String> {
    find(text, Order::DayFirst)
}

/// As [`date_in`], reading `03/04/2024` in the given order.
pub(super) fn find(text: &str, order: Order) -> Option<String> {
    let tokens = tokens(&text[..text.floor_char_boundary(SEARCHED)]);
    let date = (0..tokens.len()).find_map(|at| numeric(&tokens[at..], order).or_else(|| named(&tokens, at)))?;
    Some(date.to_string())
}

fn checked(year: i16, month: i16, day: i16) -> Option<Date> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS.contains(&year).then_some(date)
}

/// Splits a line into numbers, month names and marks.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let class = |c: char| if c.is_ascii_digit() { 1 } else { 2 * u8::from(c.is_alphabetic() && !is_unit(c)) };
        let kind = class(first);
        let end = match kind {
            0 => first.len_utf8(),
            _ => rest.find(|c| class(c) != kind).unwrap_or(rest.len()),
        };
        let run = &rest[..end];
        tokens.push(match kind {
            1 => Token::Number { value: run.parse().unwrap_or(i16::MAX), digits: end },
            2 => word(run),
            _ if first.is_whitespace() => Token::Space,
            _ => Token::Mark(first),
        });
        rest = &rest[end..];
    }
    tokens
}

fn is_unit(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
}

fn word(run: &str) -> Token {
    let lower = run.to_lowercase();
    if FILLERS.split(' ').any(|filler| filler == lower) {
        return Token::Filler;
    }
    let month = MONTHS.iter().position(|names| names.split_ascii_whitespace().any(|name| name == lower));
    month.and_then(|at| i8::try_from(at + 1).ok()).map_or(Token::Word, Token::Month)
}

/// Three numbers with marks between them, at the start of `tokens`: `2024-03-23`, `23.3.2024`, `2024年3月23日`.
fn numeric(tokens: &[Token], order: Order) -> Option<Date> {
    let (first, rest) = number(tokens)?;
    let (mark, rest) = mark(rest)?;
    let (second, rest) = number(rest)?;
    let (closing, rest) = self::mark(rest)?;
    let (third, rest) = number(rest)?;
    let tail_is_time = matches!(rest.first(), Some(Token::Mark(':')));
    match (first, second, third) {
        ((year, 4), (month, 1..=2), (day, 1..=2)) if mark == closing || is_unit(mark) => checked(year, month, day),
        ((a, 1..=2), (b, 1..=2), (year, 4)) if mark == closing && !tail_is_time => by_order(year, a, b, mark, order),
        ((a, 2), (b, 2), (year, 2)) if mark == closing && matches!(mark, '.' | '/') && !tail_is_time => {
            by_order(if year < 70 { 2000 + year } else { 1900 + year }, a, b, mark, order)
        }
        _ => None,
    }
}

/// Dots are used day first everywhere; a number above twelve is a day.
fn by_order(year: i16, a: i16, b: i16, mark: char, order: Order) -> Option<Date> {
    let (day, month) = if order == Order::MonthFirst && mark != '.' { (b, a) } else { (a, b) };
    checked(year, month, day).or_else(|| checked(year, day, month))
}

fn number(tokens: &[Token]) -> Option<((i16, usize), &[Token])> {
    match tokens.first()? {
        &Token::Number { value, digits } => Some(((value, digits), &tokens[1..])),
        _ => None,
    }
}

/// A separator, with any space after it.
fn mark(tokens: &[Token]) -> Option<(char, &[Token])> {
    match tokens {
        [Token::Mark(mark), Token::Space, rest @ ..] if *mark == '.' || is_unit(*mark) => Some((*mark, rest)),
        [Token::Mark(mark), rest @ ..] if matches!(mark, '-' | '/' | '.' | '‐' | '–') || is_unit(*mark) => {
            Some((*mark, rest))
        }
        _ => None,
    }
}

/// A month name at `at` with its day and year around it: `23 March 2024`, `March 23rd, 2024`, `2024 March 23`.
fn named(tokens: &[Token], at: usize) -> Option<Date> {
    let &Token::Month(month) = tokens.get(at)? else { return None };
    let mut before = tokens[..at].iter().rev().filter(|token| !is_gap(token)).copied();
    let mut after = tokens[at + 1..].iter().filter(|token| !is_gap(token)).copied();
    let (previous, next, last) = (before.next(), after.next(), after.next());
    let ((_, Some(Token::Number { value: day, digits: 1..=2 }), Some(Token::Number { value: year, digits: 4 }))
    | (Some(Token::Number { value: day, digits: 1..=2 }), Some(Token::Number { value: year, digits: 4 }), _)
    | (Some(Token::Number { value: year, digits: 4 }), Some(Token::Number { value: day, digits: 1..=2 }), _)) =
        (previous, next, last)
    else {
        return None;
    };
    checked(year, month.into(), day)
}

fn is_gap(token: &Token) -> bool {
    matches!(token, Token::Space | Token::Filler | Token::Mark('.' | ',' | '-' | '/' | '،' | '\''))
}

/// The date of a machine-readable value: ISO 8601 with or without marks, else as in a line.
pub(super) fn normal(value: &str, order: Order) -> Option<String> {
    let value = value.trim();
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 || digits == 14 {
        let part = |range: std::ops::Range<usize>| value[range].parse::<i16>().ok();
        return checked(part(0..4)?, part(4..6)?, part(6..8)?).map(|date| date.to_string());
    }
    find(value, order)
}

/// The date in a URL's path: `/2024/03/23/` or `/2024-03-23-title`.
pub(super) fn in_path(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?.splitn(4, '/').nth(3)?;
    let segments: Vec<&str> = path.split('/').collect();
    let of = |year: &str, month: &str, day: &str| {
        let sized = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
        let parts = sized.then(|| Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)));
        parts.flatten().and_then(|(year, month, day)| checked(year, month, day)).map(|date| date.to_string())
    };
    segments.windows(3).find_map(|window| of(window[0], window[1], window[2])).or_else(|| {
        segments.iter().find_map(|segment| {
            let mut parts = segment.splitn(4, '-');
            of(parts.next()?, parts.next()?, parts.next()?)
        })
    })
}
