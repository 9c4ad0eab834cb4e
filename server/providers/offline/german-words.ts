import type { Language } from '../../contract/language.ts'

/** German words of pictures and their English ones: those that mean nothing in English. */
const words: Readonly<Record<string, string>> = table(`
  leuchtturm lighthouse; leuchttürme lighthouses; meer sea; ozean ocean; strand beach; küste coast; insel island; hafen harbour;
  boot boat; segelboot sailboat; schiff ship; wellen waves; bergsee lake; teich pond; berg mountain; berge mountains;
  gebirge mountains; gipfel peak; tal valley; vulkan volcano; gletscher glacier; wüste desert; düne dune; dünen dunes;
  wald forest; wälder woods; baum tree; bäume trees; hügel hills; wiese meadow; wiesen meadows; feld field; felder fields; dorf village;
  hügeln hills; bergen mountains; wäldern woods; bäumen trees; feldern fields; farbe colour; farben colours; haus house; häuser buildings; hütte cabin; scheune barn; schloss castle; burg castle; burgen castles; garten garden; fluss river; bach stream;
  brücke bridge; stadt city; straße street; strasse street; straßen streets; hochhaus skyscraper; hochhäuser skyscrapers; dächer rooftops;
  fuchs fox; füchse foxes; katze cat; katzen cats; kater cat; kätzchen kitten; hund dog; hunde dogs; welpe puppy; hase hare; kaninchen rabbit; bär bear;
  löwe lion; wölfe wolves; eule owl; vogel bird; vögel birds; rabe raven; papagei parrot;
  mann man; frau woman; mädchen girl; junge boy; könig king; königin queen; prinzessin princess; hexe witch; zauberer wizard;
  großmutter grandmother; großvater grandfather; fischer fisherman; tänzerin dancer; gesicht face;
  tasse cup; kaffee coffee; kanne jug; krug jug; flasche bottle; kerze candle; birne pear; birnen pears; apfel apple; äpfel apples; zitrone lemon;
  zitronen lemons; schale bowl; stillleben still-life; blume flower; blumen flowers; blumenstrauß bouquet; tulpe tulip; tulpen tulips; rosen roses; sonnenblume sunflower;
  sonnenblumen sunflowers; mohn poppies; gänseblümchen daisies; blätter leaves; pflanzen plants;
  drache dragon; drachen dragon; schüssel bowl; schüsseln bowls; obstschale bowl; obst fruit; weltraum space; weltall space; rakete rocket; raketen rockets; raketenstart rocket-launch; startet launches; feuer fire; flammen flames; feuerspeiend fire-breathing; feuerspeiender fire-breathing; kirschen cherries; pflaumen plums; pfirsiche peaches; planeten planets; galaxie galaxy; mond moon; sterne stars; sternenhimmel stars; nordlicht aurora; nordlichter aurora; regenbogen rainbow;
  abstrakt abstract; abstrakte abstract; muster pattern;
  sonnenaufgang sunrise; morgen morning; morgens morning; sonnenuntergang sunset; abend evening; abends evening; abenddämmerung dusk; dämmerung dusk;
  nacht night; nachts night; nächtliche night; mitternacht midnight; mittag noon; tageslicht daylight; sonnig sunny; sonne sun;
  sturm storm; stürmisch stormy; stürmische stormy; stürmisches stormy; stürmischen stormy; gewitter thunderstorm; schnee snow; verschneit snowy; verschneite snowy; verschneiten snowy; regen rain; nebel fog; neblig foggy; wolken clouds; bewölkt cloudy; frühling spring; sommer summer; herbst autumn;
  aquarell watercolour; ölgemälde oil-painting; ölbild oil-painting; bleistift pencil; bleistiftzeichnung pencil; skizze sketch; tusche ink; tuschezeichnung ink;
  scherenschnitt paper-cut; pixelkunst pixel-art; foto photo; fotorealistisch realistic;
  rot red; rote red; roter red; rotes red; roten red; blau blue; blaue blue; blauer blue; blaues blue; blauen blue; grün green; grüne green; grüner green; grünes green; grünen green;
  goldenes golden; goldene golden; goldener golden; goldenem golden; gelb yellow; gelbe yellow; gelber yellow; gelbes yellow; gelben yellow; schwarz black; schwarze black; schwarzer black; schwarzen black; weiß white; weiße white; weißer white; weißen white;
  grau grey; graue grey; grauer grey; grauen grey; braun brown; braune brown; rosa pink; lila purple; violett violet; türkis turquoise;
  dunkel dark; dunkle dark; dunkler darker; heller brighter; bunt colourful; bunte colourful; bunter more-colourful; kräftiger more-vibrant; leuchtender more-vibrant; blasser paler; wärmer warmer; kühler cooler; kälter colder;
  zwei two; drei three; vier four; fünf five; sechs six; sieben seven; acht eight; neun nine;
  himmel sky; wasser water; licht light; fenster window; turm tower; felsen rocks
`)

/** Those that are English words too, or say how the others belong together: only beside one of these marks. */
const besideMarks: Readonly<Record<string, string>> = table(`
  see lake; wolf wolf; rose rose; hell bright; helle bright; tee tea; wein wine; gold golden; kind child;
  ein a; eine a; einen a; einem a; einer a; eines a; der the; die the; das the; den the; dem the; des the; und and; mit with; im in-the; am at-the; bei at; auf on; über over; unter under; hinter behind; vor before;
  von of; aus of; ohne without; mach make; mache make; es it; bitte please; ist is; als as; füge add; hinzu too; mehr more; weniger less; etwas a-little; viel much; noch still; kleines small; kleiner small; kleine small; großer large; große large
`)
const marks =
  /(^|[^\p{L}])(ein|eine|einen|einem|einer|der|das|dem|den|und|mit|bei|auf|im|mach|mache|male|zeichne|bitte)(?![\p{L}])/iu

function table(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split(';')
      .map((pair) => pair.trim().split(/\s+/))
      .filter((pair): pair is [string, string] => pair.length === 2),
  )
}

const germanMarks =
  /(?<!\p{L})(ich|du|wir|ihr|er|ist|sind|nicht|kannst|wie|was|wer|wo|warum|welche[nrs]?|hallo|danke|und|oder|ein|eine[mnrs]?|der|das|dem|den|mit|auf|für|über|im|vom|zum|zur|es|mir|mach|mache|bitte|zeig|schreib|erklär)(?!\p{L})/giu
const englishMarks =
  /(?<!\p{L})(the|is|are|you|what|and|of|with|how|which|why|who|where|do|does|did|my|i|it|its|this|that|please|make|show|can|a|at|on|from|to|for)(?!\p{L})/giu

/** The language that a text reads as; where it tells neither, the one that is asked for. */
export function languageOfText(text: string, otherwise: Language): Language {
  const german = text.match(germanMarks)?.length ?? 0
  const english = text.match(englishMarks)?.length ?? 0
  if (german !== english) return german > english ? 'de' : 'en'
  const known = text.toLowerCase().match(/\p{L}+/gu) ?? []
  return english === 0 && known.some((word) => Object.hasOwn(words, word)) ? 'de' : otherwise
}

/** A prompt with the German words that a painter needs said in English; an English one stays as it is. */
export function inEnglish(text: string): string {
  const known = marks.test(text) ? { ...words, ...besideMarks } : words
  return text.replace(/\p{L}+/gu, (word) => {
    const lower = word.toLowerCase()
    return Object.hasOwn(known, lower)
      ? (known[lower] ?? word).replaceAll(/-(the|little|colourful|vibrant|launch)$/g, ' $1')
      : word
  })
}
