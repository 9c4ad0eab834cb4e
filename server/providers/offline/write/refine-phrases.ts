import type { Language } from '../../../contract/language.ts'
import type { Light, Subject } from '../scene.ts'

/** What is added to a prompt that leaves it open. The painter reads it again, so it names nothing to be painted. */
export interface RefinePhrases {
  manner: string
  light: Readonly<Record<Light, string>>
  composition: Readonly<Record<Subject, string>>
  /** Of what is seen in the air. */
  flying: string
  /** Of water in a storm. */
  stormy: string
}

export const refinePhrases: Readonly<Record<Language, RefinePhrases>> = {
  en: {
    manner: 'painted in gouache',
    light: {
      sunrise: 'the light of early morning',
      day: 'soft daylight',
      golden: 'golden light',
      dusk: 'the light of dusk',
      night: 'the quiet light of the night',
    },
    composition: {
      mountains: 'clear depth from the foreground to the far ranges',
      hills: 'clear depth from the foreground to the horizon',
      forest: 'the view led between the trunks',
      desert: 'long shadows and a low horizon',
      lake: 'a still reflection below',
      sea: 'a calm horizon and much air',
      city: 'a layered skyline',
      portrait: 'head and shoulders in profile',
      'still-life': 'a simple arrangement and a quiet wall',
      flowers: 'seen close, at eye level',
      animal: 'seen at eye level, looking at the viewer',
      space: 'much depth, one strong form',
      abstract: 'balanced forms with room between them',
    },
    flying: 'seen whole, in one sweeping line',
    stormy: 'a low horizon under a heavy sky',
  },
  de: {
    manner: 'in Gouache gemalt',
    light: {
      sunrise: 'im Licht des frühen Morgens',
      day: 'weiches Tageslicht',
      golden: 'goldenes Licht',
      dusk: 'im Licht der Dämmerung',
      night: 'das stille Licht der Nacht',
    },
    composition: {
      mountains: 'klare Tiefe vom Vordergrund bis in die Ferne',
      hills: 'klare Tiefe vom Vordergrund bis zum Horizont',
      forest: 'der Blick zwischen die Stämme geführt',
      desert: 'lange Schatten und ein tiefer Horizont',
      lake: 'darunter eine ruhige Spiegelung',
      sea: 'ein ruhiger Horizont und viel Luft',
      city: 'in Schichten hintereinander',
      portrait: 'Kopf und Schultern im Profil',
      'still-life': 'einfach angeordnet vor einer ruhigen Wand',
      flowers: 'von nahem, auf Augenhöhe',
      animal: 'auf Augenhöhe, den Blick zum Betrachter',
      space: 'viel Tiefe, eine starke Form',
      abstract: 'ausgewogene Formen mit Raum dazwischen',
    },
    flying: 'ganz zu sehen, in einem großen Schwung',
    stormy: 'ein tiefer Horizont unter schwerem Himmel',
  },
}
