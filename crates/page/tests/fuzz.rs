//! The fuzz targets' bodies as ordinary tests; see `fuzz/`.

#[path = "../../../fuzz/src/page.rs"]
#[allow(unreachable_pub, dead_code)] // public in the fuzz package
mod checks;
#[path = "../../../fuzz/src/corpus.rs"]
#[allow(unreachable_pub)]
mod corpus;

#[test]
fn decode() {
    let words = "\u{feff}|\0|<meta charset=utf-16>|<meta charset=gbk>|charset=|é|漢字|\x1b$B|a";
    corpus::run("decode", words, checks::decode);
}

#[test]
fn html() {
    let words = "<p>|</p>|<b>|</b>|<i>|<a href=x>|</a>|<br>|<pre>|\n|<table>|<tr>|<td>|</table>|<ol start=9>|<li>|<select>|\
                 <form>|<template>|<svg>|<math>|<noscript>|<script>|</script>|<!--|-->|<![CDATA[|&nbsp;|&#x110000;|&notin|\
                 \0|\u{ad}|\u{feff}|\u{10ffff}|<span class=x>|<div hidden>|<frameset>|<plaintext>|<o:p>|a|é|漢";
    corpus::run("html", words, checks::html);
}

#[test]
fn text() {
    let words = "\n|\r|\r\n|\t|\u{2028}|\u{a0}|• |Photo: |AP/|\n\n\n|word |é|漢|\0";
    corpus::run("text", words, checks::text);
}
