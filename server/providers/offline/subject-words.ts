import type { Detail, Light, Mood, Part, StyleName, Subject, Weather } from './scene.ts'

/** Words that choose the subject, with how strongly: a fox in a forest is a fox. */
const subjectWords: Readonly<Record<Subject, { weight: number; words: string }>> = {
  animal: {
    weight: 6,
    words:
      'fox foxes wolf wolves dog dogs puppy hound cat cats kitten rabbit rabbits bunny hare bear panda lion tiger bird owl robin sparrow raven crow parrot kingfisher bluebird dragon dragons wyvern',
  },
  portrait: {
    weight: 6,
    words:
      'portrait woman man girl boy lady gentleman queen king princess prince face self-portrait person child grandmother grandfather mother father dancer poet witch wizard silhouette fisherman sailor captain monk knight grandpa grandma',
  },
  'still-life': {
    weight: 5,
    words:
      'still-life cup tea coffee mug teacup teapot kettle vase bouquet jug pitcher bottle wine candle pear pears apple apples oranges lemon lemons cherries plums peaches fruit fruits bowl bowls',
  },
  flowers: {
    weight: 4,
    words:
      'flower flowers tulip tulips rose roses peony peonies sunflower sunflowers daisy daisies poppy poppies fern ferns leaf leaves botanical plant plants garden wildflowers',
  },
  space: {
    weight: 5,
    words:
      'space planet planets saturn jupiter mars galaxy nebula cosmos cosmic astronaut spaceship universe milky-way asteroid rocket rockets comet satellite ufo',
  },
  sea: {
    weight: 4,
    words:
      'sea ocean lighthouse boat boats sailboat sailboats ship ships sailing harbour harbor beach coast coastline shore seaside waves wave island bay cliff cliffs yacht regatta pier',
  },
  lake: { weight: 4.5, words: 'lake pond loch fjord reservoir lakeside' },
  city: {
    weight: 4,
    words:
      'city skyline town street streets skyscraper skyscrapers metropolis downtown cityscape manhattan tokyo london paris buildings rooftops bridge urban cyberpunk venice',
  },
  mountains: {
    weight: 4,
    words:
      'mountain mountains peak peaks alps alpine summit himalaya everest matterhorn fuji volcano glacier range ridge valley canyon',
  },
  desert: { weight: 4, words: 'desert dune dunes sahara oasis' },
  forest: {
    weight: 3.5,
    words: 'forest woods wood woodland grove jungle rainforest birches pines trees tree redwoods path',
  },
  hills: {
    weight: 3,
    words:
      'hill hills meadow meadows field fields countryside farm pasture farmhouse cottage house cabin barn village vineyard tuscany prairie landscape river stream orchard park castle windmill',
  },
  abstract: { weight: 5, words: 'abstract pattern geometric kandinsky mondrian composition shapes cubist' },
}

const subjectByWord = new Map<string, { subject: Subject; weight: number }>()
for (const [subject, { weight, words }] of Object.entries(subjectWords)) {
  // Object.entries widens the key; the table is keyed by Subject.
  for (const word of words.split(' ')) subjectByWord.set(word, { subject: subject as Subject, weight })
}

export function subjectNamed(word: string): { subject: Subject; weight: number } | undefined {
  return subjectByWord.get(word)
}

export const detailPatterns: readonly (readonly [Detail, RegExp])[] = [
  ['lighthouse', /\blighthouses?\b/],
  ['boat', /\b(boats?|sailboats?|ships?|yachts?|sail|sails|sailing|regatta)\b/],
  ['house', /\b(house|cottage|cabin|farm|farmhouse|barn|hut|village|home|castle|windmill)\b/],
  ['island', /\bislands?\b/],
  ['bridge', /\bbridges?\b/],
  ['river', /\b(rivers?|streams?|creek|canal|waterfront|brook)\b/],
  ['birds', /\b(birds|gulls|seagulls|geese|swallows)\b/],
  ['moon', /\b(moon|moonlit|moonlight|moonrise)\b/],
  ['stars', /\b(stars|starry|starlit|milky-way|constellations?)\b/],
  ['aurora', /\b(aurora|northern lights|polar lights)\b/],
  ['rainbow', /\brainbows?\b/],
  ['planet', /\b(planets?|saturn|jupiter|mars)\b/],
  ['bowl', /\b(bowls?)\b/],
  ['fruit', /\bfruits?\b/],
  ['castle', /\b(castles?|fortress|citadel)\b/],
  ['fire', /\b(fire|flames?|fiery|fire-?breathing|breath(es|ing))\b/],
  ['launch', /\b(launch\w*|lift-?off|lifts off|blast-?off|tak(es|ing) off|take-?off)\b/],
  ['snowcaps', /\bsnow-?capped\b|\bsnow caps\b/],
  ['blossom', /\b(blossoms?|cherry|sakura|spring)\b/],
  ['autumn', /\b(autumn|autumnal|fall colou?rs|fall leaves|october)\b/],
  ['flowers', /\b(flowers|wildflowers|poppies|tulips|daisies|lavender fields?|bloom|blooming)\b/],
]

export const lightPatterns: readonly (readonly [Light, RegExp])[] = [
  ['golden', /\b(golden hour|golden light|late afternoon|sun-drenched|low sun)\b/],
  ['sunrise', /\b(sunrise|dawn|daybreak|morning|sun rises|first light)\b/],
  ['dusk', /\b(sunset|dusk|twilight|evening|blue hour|sundown|nightfall)\b/],
  [
    'night',
    /\b(night|nighttime|midnight|moonlit|moonlight|starry|starlit|nocturne|nocturnal|aurora|northern lights)\b/,
  ],
  ['day', /\b(noon|midday|day|daytime|daylight|sunny|sunlit|sunshine|afternoon|summer)\b/],
]

export const weatherPatterns: readonly (readonly [Weather, RegExp])[] = [
  ['storm', /\b(storm|stormy|thunder|thunderstorm|lightning|tempest|hurricane)\b/],
  ['snow', /\b(snow|snowy|snowing|snowfall|snowstorm|winter|wintry|blizzard)\b/],
  ['rain', /\b(rain|rainy|raining|drizzle|downpour|wet)\b/],
  ['fog', /\b(fog|foggy|mist|misty|haze|hazy)\b/],
  ['cloudy', /\b(cloudy|overcast|clouds|cloud)\b/],
]

export const stylePatterns: readonly (readonly [StyleName, RegExp])[] = [
  ['watercolour', /\b(water-?colou?rs?|aquarelle)\b/],
  ['pixel-art', /\b(pixel[- ]?art|pixel(?:ated|s)?|8-?bit|16-?bit|retro game)\b/],
  ['paper-cut', /\b(paper-?cut|paper cut|papercut|paper-?craft|cut paper|layered paper|collage|origami)\b/],
  ['pencil', /\b(pencil|sketch|sketched|charcoal drawing|graphite)\b/],
  ['ink', /\b(ink|pen drawing|line[- ]?art|line[- ]?drawing|sumi-?e|woodcut|engraving|etching|linocut)\b/],
  ['oil', /\b(oil|oils|oil-?painting|impressionis[tm]\w*|impasto|van gogh|monet)\b/],
  [
    'photo',
    /\b(photo|photos|photograph|photographic|photography|photo-?realistic|realistic|35mm|dslr|cinematic)\b/,
  ],
  ['flat', /\b(flat|vector|minimal|minimalist|minimalistic|poster|cartoon|comic|anime|icon|logo)\b/],
  ['painted', /\b(gouache|acrylic|tempera)\b/],
]

export const moodPatterns: readonly (readonly [Mood, RegExp])[] = [
  ['dark', /\b(dark|darker|moody|gloomy|sombre|somber|ominous|dim|noir)\b/],
  ['bright', /\b(bright|brighter|luminous|airy|radiant|lighter)\b/],
  ['vivid', /\b(vivid|vibrant|colou?rful|saturated|bold|neon)\b/],
  ['muted', /\b(muted|pastel|desaturated|faded|subdued|pale|less saturated)\b/],
  ['warm', /\b(warm|warmer|cosy|cozy)\b/],
  ['cool', /\b(cool|cooler|cold|colder|icy|chilly)\b/],
]

/** Nouns that take a colour, and the part of the picture that they are. */
export const partPatterns: readonly (readonly [Part, RegExp])[] = [
  ['sky', /^(sky|skies|clouds?|heavens?|background)$/],
  ['water', /^(water|waters|sea|ocean|waves?|lake|river|pond)$/],
  [
    'land',
    /^(mountains?|hills?|fields?|grass|desert|sand|forest|trees?|dunes?|meadows?|ground|land|cliffs?|rocks?|peaks?|tables?|tablecloth)$/,
  ],
  ['vessel', /^bowls?$/],
  ['light', /^(sun|moon|light|lights|glow|lanterns?|lamps?|windows?)$/],
  [
    'subject',
    /^(lighthouse|boats?|sailboats?|sails?|ships?|houses?|roofs?|cabin|cottage|barn|towers?|buildings?|skyscrapers?|planet|dragons?|wyvern|rockets?|spaceship|fox|wolf|dog|puppy|cat|kitten|rabbit|bear|lion|tiger|bird|owl|robin|raven|parrot|cup|mug|teacup|vase|bottle|jug|pears?|apples?|lemons?|oranges|cherries|plums?|peach(es)?|flowers?|tulips?|roses?|daisies|poppies|peonies|sunflowers?|hair|skin|door)$/,
  ],
]
