//! Made-up prose: sentences put together from lists of phrases, so that no two paragraphs of a site are alike and all
//! read as running text.

use fastrand::Rng;

/// What sentences of a language are made of.
pub(crate) struct Words {
    pub(crate) code: &'static str,
    people: &'static [&'static str],
    deeds: &'static [&'static str],
    places: &'static [&'static str],
    reasons: &'static [&'static str],
    said: &'static str,
    names: &'static [&'static str],
    pub(crate) related: &'static str,
    pub(crate) chrome: Chrome,
}

/// What a site's template says in that language.
pub(crate) struct Chrome {
    pub(crate) menu: &'static [&'static str],
    pub(crate) footer: &'static [&'static str],
    /// A notice among the paragraphs, in prose.
    pub(crate) disclaimer: &'static str,
    /// About the one author of a site, in prose.
    pub(crate) author: &'static str,
    /// A call below the article, in prose that no cue list knows.
    pub(crate) call: &'static str,
}

impl Words {
    pub(crate) fn sentence(&self, rng: &mut Rng) -> String {
        let (person, deed) = (pick(self.people, rng), pick(self.deeds, rng));
        let (place, reason) = (pick(self.places, rng), pick(self.reasons, rng));
        match rng.u8(0..5) {
            0 => format!("{} {deed} {place}.", first_upper(person)),
            1 => format!("{} {deed}, {reason}.", first_upper(person)),
            2 => format!("“{} {deed},” {} {}.", first_upper(person), self.said, pick(self.names, rng)),
            _ => format!("{} {deed} {place}, {reason}.", first_upper(person)),
        }
    }

    pub(crate) fn paragraph(&self, rng: &mut Rng) -> String {
        let sentences = rng.usize(2..5);
        (0..sentences).map(|_| self.sentence(rng)).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn headline(&self, rng: &mut Rng) -> String {
        first_upper(&format!("{} {} {}", pick(self.people, rng), pick(self.deeds, rng), pick(self.places, rng)))
    }

    pub(crate) fn name(&self, rng: &mut Rng) -> String {
        pick(self.names, rng).to_owned()
    }
}

fn pick<'a>(list: &[&'a str], rng: &mut Rng) -> &'a str {
    list[rng.usize(0..list.len())]
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

pub(crate) const LANGUAGES: [&Words; 4] = [&ENGLISH, &GERMAN, &FRENCH, &SPANISH];

pub(crate) const ENGLISH: Words = Words {
    code: "en",
    people: &[
        "the harbour master",
        "a retired teacher",
        "the town council",
        "two students of the conservatory",
        "the owner of the mill",
        "her younger brother",
        "a group of beekeepers",
        "the new librarian",
        "three of the fishermen",
        "the minister for transport",
        "the choir from the valley",
        "a surveyor with thirty years of practice",
        "the widow of the clockmaker",
        "nobody at the meeting",
    ],
    deeds: &[
        "asked for another year",
        "opened the old tunnel",
        "sold eleven goats to a stranger",
        "measured the river twice a day",
        "refused to sign the agreement",
        "painted every second door green",
        "found a letter behind the wallpaper",
        "carried the piano up four flights of stairs",
        "lost the map and most of the money",
        "counted the swans again",
        "built a bridge of rope and planks",
        "went on strike for better boots",
        "wrote a song about the ferry",
        "planted chestnut trees along the road",
        "repaired the bells without a fee",
        "spoke for an hour about salt",
    ],
    places: &[
        "on the far side of the lake",
        "in a barn near the border",
        "behind the closed cinema",
        "at the edge of the old town",
        "under the railway arches",
        "in front of a small crowd",
        "on the third floor of the museum",
        "along the canal",
        "in the hall of the school",
        "between two vineyards",
        "in the rain",
        "on an island with no harbour",
    ],
    reasons: &[
        "because the winter had been too mild",
        "although nobody had expected it",
        "while the rest of the village slept",
        "after a long quarrel over the price",
        "since the last flood had taken the fence",
        "so that the children could see it",
        "before the first snow closed the pass",
        "as if nothing had happened",
        "until the money ran out in autumn",
        "even though the court had forbidden it",
        "when the mayor had left the room",
        "where the old road meets the new one",
    ],
    said: "said",
    names: &[
        "Ruth Adeyemi",
        "Tom Halloran",
        "Ines Okafor",
        "Walter Brandt",
        "Clara Whitlow",
        "Samir Haddad",
        "June Petrie",
        "Otis Lang",
    ],
    related: "Elsewhere in the Courier",
    chrome: Chrome {
        menu: &["Valley", "Harbour", "Letters", "Market days", "Almanac", "Tide tables", "Obituaries", "Puzzles"],
        footer: &["About the Courier", "Write to the desk", "Rules of the house", "Printed at Millbrook since 1911"],
        disclaimer: "Work on this series was paid for by the Millbrook Foundation, which saw none of the articles before they were printed.",
        author: "The writer keeps bees at the northern end of the valley and has walked every path in it, most of them in the wrong shoes.",
        call: "Every morning four thousand people open the Courier over breakfast, and a few of them bring it to us with their corrections.",
    },
};

const GERMAN: Words = Words {
    code: "de",
    people: &[
        "der Hafenmeister",
        "eine pensionierte Lehrerin",
        "der Gemeinderat",
        "die Müllerin aus dem Tal",
        "sein jüngerer Bruder",
        "ein Verein von Imkern",
        "die neue Bibliothekarin",
        "der Verkehrsminister",
        "der Chor der Nachbargemeinde",
        "die Witwe des Uhrmachers",
        "ein Landvermesser mit dreißig Jahren Erfahrung",
        "niemand in der Versammlung",
    ],
    deeds: &[
        "bat um ein weiteres Jahr",
        "öffnete den alten Tunnel",
        "verkaufte elf Ziegen an einen Fremden",
        "maß zweimal am Tag den Fluss",
        "wollte den Vertrag nicht unterschreiben",
        "strich jede zweite Tür grün an",
        "fand einen Brief hinter der Tapete",
        "trug das Klavier vier Treppen hinauf",
        "verlor die Karte und fast das ganze Geld",
        "zählte noch einmal die Schwäne",
        "baute eine Brücke aus Seilen und Brettern",
        "schrieb ein Lied über die Fähre",
        "pflanzte Kastanien an der Straße",
        "sprach eine Stunde lang über Salz",
    ],
    places: &[
        "am anderen Ufer des Sees",
        "in einer Scheune nahe der Grenze",
        "hinter dem geschlossenen Kino",
        "am Rand der Altstadt",
        "unter den Bögen der Bahn",
        "vor wenigen Zuschauern",
        "im dritten Stock des Museums",
        "am Kanal entlang",
        "in der Aula der Schule",
        "zwischen zwei Weinbergen",
        "mitten im Regen",
        "auf einer Insel ohne Hafen",
    ],
    reasons: &[
        "weil der Winter zu mild gewesen war",
        "obwohl niemand damit gerechnet hatte",
        "während das Dorf noch schlief",
        "nach einem langen Streit um den Preis",
        "seit die Flut den Zaun mitgenommen hatte",
        "damit die Kinder es sehen konnten",
        "bevor der erste Schnee den Pass schloss",
        "als wäre nichts geschehen",
        "bis im Herbst das Geld ausging",
        "obgleich das Gericht es verboten hatte",
        "nachdem die Bürgermeisterin gegangen war",
        "wo die alte Straße auf die neue trifft",
    ],
    said: "sagte",
    names: &[
        "Anna Lehnert",
        "Jörg Petersen",
        "Mira Kowalski",
        "Hans Oberhuber",
        "Selma Aydin",
        "Uwe Brandt",
        "Lotte Kern",
    ],
    related: "Anderswo im Boten",
    chrome: Chrome {
        menu: &["Talkessel", "Hafen", "Briefe", "Markttage", "Almanach", "Gezeiten", "Traueranzeigen", "Rätsel"],
        footer: &["Der Bote stellt sich vor", "Schreiben an das Pult", "Hausordnung", "Gedruckt in Mühlbach seit 1911"],
        disclaimer: "Die Arbeit an dieser Reihe hat die Stiftung Mühlbach bezahlt, die keinen der Artikel vor dem Druck gesehen hat.",
        author: "Der Verfasser hält am nördlichen Ende des Tals Bienen und ist jeden seiner Wege gegangen, die meisten in falschen Schuhen.",
        call: "Jeden Morgen schlagen viertausend Menschen beim Frühstück den Boten auf, und einige bringen ihn uns mit ihren Verbesserungen.",
    },
};

const FRENCH: Words = Words {
    code: "fr",
    people: &[
        "le maître du port",
        "une institutrice à la retraite",
        "le conseil municipal",
        "la propriétaire du moulin",
        "son frère cadet",
        "un groupe d'apiculteurs",
        "la nouvelle bibliothécaire",
        "le ministre des transports",
        "la chorale de la vallée",
        "la veuve de l'horloger",
        "un géomètre de grande expérience",
        "personne à la réunion",
    ],
    deeds: &[
        "a demandé une année de plus",
        "a rouvert le vieux tunnel",
        "a vendu onze chèvres à un inconnu",
        "a mesuré la rivière deux fois par jour",
        "a refusé de signer l'accord",
        "a peint en vert une porte sur deux",
        "a trouvé une lettre derrière le papier peint",
        "a monté le piano au quatrième étage",
        "a perdu la carte et presque tout l'argent",
        "a recompté les cygnes",
        "a bâti un pont de cordes et de planches",
        "a écrit une chanson sur le bac",
        "a planté des châtaigniers le long de la route",
        "a parlé du sel pendant une heure",
    ],
    places: &[
        "sur l'autre rive du lac",
        "dans une grange près de la frontière",
        "derrière le cinéma fermé",
        "au bord de la vieille ville",
        "sous les arches du chemin de fer",
        "devant une petite foule",
        "au troisième étage du musée",
        "le long du canal",
        "dans la salle de l'école",
        "entre deux vignobles",
        "sous la pluie",
        "sur une île sans port",
    ],
    reasons: &[
        "parce que l'hiver avait été trop doux",
        "alors que personne ne s'y attendait",
        "pendant que le village dormait encore",
        "après une longue dispute sur le prix",
        "depuis que la crue avait emporté la clôture",
        "pour que les enfants puissent le voir",
        "avant que la première neige ne ferme le col",
        "comme si de rien n'était",
        "jusqu'à ce que l'argent manque à l'automne",
        "bien que le tribunal l'ait interdit",
        "quand le maire eut quitté la salle",
        "là où la vieille route rejoint la neuve",
    ],
    said: "a dit",
    names: &[
        "Claire Moreau",
        "Étienne Roux",
        "Nadia Belkacem",
        "Paul Girard",
        "Odile Faure",
        "Hugo Lambert",
        "Sylvie Carré",
    ],
    related: "Ailleurs dans le Courrier",
    chrome: Chrome {
        menu: &[
            "Vallée",
            "Le port",
            "Lettres",
            "Jours de marché",
            "Almanach",
            "Les marées",
            "Avis de décès",
            "Énigmes",
        ],
        footer: &[
            "Le Courrier se présente",
            "Écrire au pupitre",
            "Règles de la maison",
            "Imprimé à Moulins depuis 1911",
        ],
        disclaimer: "Le travail sur cette série a été payé par la Fondation des Moulins, qui n'a lu aucun des articles avant leur impression.",
        author: "L'auteur élève des abeilles au nord de la vallée et en a parcouru tous les sentiers, le plus souvent avec de mauvaises chaussures.",
        call: "Chaque matin quatre mille personnes ouvrent le Courrier au petit déjeuner, et quelques-unes nous le rapportent corrigé à la plume.",
    },
};

const SPANISH: Words = Words {
    code: "es",
    people: &[
        "el capitán del puerto",
        "una maestra jubilada",
        "el ayuntamiento",
        "la dueña del molino",
        "su hermano menor",
        "un grupo de apicultores",
        "la nueva bibliotecaria",
        "el ministro de transportes",
        "el coro del valle",
        "la viuda del relojero",
        "un topógrafo de larga experiencia",
        "nadie en la reunión",
    ],
    deeds: &[
        "pidió un año más",
        "abrió el viejo túnel",
        "vendió once cabras a un desconocido",
        "midió el río dos veces al día",
        "se negó a firmar el acuerdo",
        "pintó de verde una puerta de cada dos",
        "encontró una carta detrás del papel de la pared",
        "subió el piano cuatro pisos por la escalera",
        "perdió el mapa y casi todo el dinero",
        "volvió a contar los cisnes",
        "construyó un puente de cuerdas y tablas",
        "escribió una canción sobre el transbordador",
        "plantó castaños junto a la carretera",
        "habló una hora entera sobre la sal",
    ],
    places: &[
        "al otro lado del lago",
        "en un granero cerca de la frontera",
        "detrás del cine cerrado",
        "a la orilla del casco antiguo",
        "bajo los arcos del ferrocarril",
        "ante unos pocos curiosos",
        "en la tercera planta del museo",
        "a lo largo del canal",
        "en el salón de la escuela",
        "entre dos viñedos",
        "bajo la lluvia",
        "en una isla sin puerto",
    ],
    reasons: &[
        "porque el invierno había sido demasiado suave",
        "aunque nadie lo esperaba",
        "mientras el pueblo dormía todavía",
        "tras una larga disputa por el precio",
        "desde que la riada se llevó la cerca",
        "para que los niños pudieran verlo",
        "antes de que la primera nieve cerrara el paso",
        "como si nada hubiera pasado",
        "hasta que en otoño se acabó el dinero",
        "a pesar de que el juez lo había prohibido",
        "cuando la alcaldesa dejó la sala",
        "donde el camino viejo se une al nuevo",
    ],
    said: "dijo",
    names: &[
        "Lucía Campos",
        "Andrés Villar",
        "Marta Ibáñez",
        "Jorge Peral",
        "Elena Quiroga",
        "Tomás Rey",
        "Nuria Salas",
    ],
    related: "En otras páginas del Correo",
    chrome: Chrome {
        menu: &["Valle", "El puerto", "Cartas", "Días de mercado", "Almanaque", "Las mareas", "Esquelas", "Enigmas"],
        footer: &["El Correo se presenta", "Escribir a la mesa", "Normas de la casa", "Impreso en Molinos desde 1911"],
        disclaimer: "El trabajo de esta serie lo pagó la Fundación de los Molinos, que no vio ninguno de los artículos antes de la imprenta.",
        author: "El autor cría abejas en el extremo norte del valle y ha recorrido todos sus senderos, casi siempre con los zapatos equivocados.",
        call: "Cada mañana cuatro mil personas abren el Correo en el desayuno, y unas cuantas nos lo devuelven con sus correcciones al margen.",
    },
};
