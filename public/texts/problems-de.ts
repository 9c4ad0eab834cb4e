import type { Texts } from './texts.ts'

/** When it makes sense to try again. */
function later(seconds: number | undefined): string {
  if (seconds === undefined) return 'Versuch es später noch einmal.'
  if (seconds < 120) return `Es geht weiter in ${seconds} ${seconds === 1 ? 'Sekunde' : 'Sekunden'}.`
  if (seconds < 7200) return `Es geht weiter in ${Math.ceil(seconds / 60)} Minuten.`
  const hours = Math.ceil(seconds / 3600)
  return hours < 48
    ? `Es geht weiter in ${hours} Stunden.`
    : `Es geht weiter in ${Math.ceil(hours / 24)} Tagen.`
}

/**
 * What goes wrong, in German: the server's sentences (`{}` stands for what differs, `{1}`, `{2}` for the same here),
 * else what the code or the reason means. A test reads the server's source and compares.
 */
export const problems: Texts['problems'] = {
  sentences: [
    ['The username or the password is not right.', 'Name oder Passwort stimmt nicht.'],
    ['The current password is not right.', 'Das jetzige Passwort stimmt nicht.'],
    ['is not right', 'stimmt nicht'],
    ['This username is taken. Choose another one.', 'Dieser Name ist vergeben. Nimm einen anderen.'],
    ['is taken', 'ist vergeben'],
    ['takes 2 to 64 letters, digits and . _ @ + -', 'nimmt 2 bis 64 Buchstaben, Ziffern und . _ @ + -'],
    ['The password {}.', 'Das Passwort {1}.'],
    ['takes at least {} characters', 'braucht mindestens {1} Zeichen'],
    ['takes at most {} bytes', 'nimmt höchstens {1} Byte'],
    ['may not be the username', 'darf nicht der Name sein'],
    [
      'is one of the first that anybody would guess; take another, such as four random words',
      'gehört zu den ersten, die jemand raten würde; nimm ein anderes, etwa vier zufällige Wörter',
    ],
    [
      'Registration is closed on this server. Ask its administrator for an account.',
      'Auf diesem Server werden keine neuen Konten angelegt. Wer ihn betreibt, kann helfen.',
    ],
    [
      'Registration on this server needs an invitation. Ask an administrator for an invitation link.',
      'Ein Konto braucht auf diesem Server eine Einladung. Wer ihn betreibt, kann dir eine geben.',
    ],
    [
      'This invitation is not valid: each one works once and for seven days. Ask an administrator for a new one.',
      'Diese Einladung gilt nicht: jede geht einmal und sieben Tage lang. Bitte um eine neue.',
    ],
    [
      'Nobody can register while REGISTRATION is "closed". Set it to "invite" and restart to invite people.',
      'Niemand kann ein Konto anlegen, solange REGISTRATION auf „closed“ steht. Mit „invite“ und einem Neustart lassen sich Leute einladen.',
    ],
    ['The picture is empty. Choose another file.', 'Das Bild ist leer. Nimm eine andere Datei.'],
    [
      'The picture is damaged or cut off. Choose another file.',
      'Das Bild ist beschädigt oder abgeschnitten. Nimm eine andere Datei.',
    ],
    ['is not a whole picture', 'ist kein ganzes Bild'],
    [
      'The picture is larger than 20 MB. Send a smaller one.',
      'Das Bild ist größer als 20 MB. Nimm ein kleineres.',
    ],
    [
      'The picture has more than 50 megapixels. Send a smaller one.',
      'Das Bild hat mehr als 50 Megapixel. Nimm ein kleineres.',
    ],
    [
      'Easel takes PNG, JPEG and WebP pictures. This file is none of them.',
      'Bilder gehen als PNG, JPEG oder WebP. Diese Datei ist nichts davon.',
    ],
    ['The upload was cut off or is no valid form.', 'Die Übertragung brach ab. Versuch es noch einmal.'],
    ['The body was cut off.', 'Die Übertragung brach ab. Versuch es noch einmal.'],
    [
      'An input picture is damaged, cut off or larger than 50 megapixels.',
      'Ein Bild, von dem ausgegangen wird, ist beschädigt, abgeschnitten oder größer als 50 Megapixel.',
    ],
    [
      'An input picture is neither PNG nor JPEG nor WebP.',
      'Ein Bild, von dem ausgegangen wird, ist weder PNG noch JPEG noch WebP.',
    ],
    [
      'An input picture does not exist, or it is not yours. Give an image id or a PNG, JPEG or WebP data URI.',
      'Ein Bild, von dem ausgegangen wird, gibt es nicht mehr. Nimm ein anderes.',
    ],
    [
      'Your uploads fill the space that one user may take. Delete conversations with uploads you no longer need.',
      'Deine Bilder füllen den Platz, den jemand hier haben darf. Lösch Gespräche mit Bildern, die du nicht mehr brauchst.',
    ],
    [
      'With these pictures you would take more space than one user may. Delete conversations you no longer need.',
      'Mit diesen Bildern wäre der Platz, den jemand hier haben darf, mehr als voll. Lösch Gespräche, die du nicht mehr brauchst.',
    ],
    [
      'The disk is full, so no picture can be kept. Delete some, or ask the administrator for space.',
      'Der Speicher ist voll, und kein Bild kann aufgehoben werden. Lösch welche, oder wer den Server betreibt, schafft Platz.',
    ],
    [
      'The file of this picture is missing or damaged on the server.',
      'Die Datei dieses Bildes fehlt auf dem Server oder ist beschädigt.',
    ],
    [
      'This picture cannot be decoded, so nothing can be made from it.',
      'Dieses Bild ist nicht zu lesen, also kann nichts daraus werden.',
    ],
    ['There is no such picture.', 'Dieses Bild gibt es nicht.'],
    [
      'A picture that this message names does not exist, or it is not yours.',
      'Ein Bild dieser Nachricht gibt es nicht mehr.',
    ],
    [
      'The picture to change does not exist any more.',
      'Das Bild, das geändert werden soll, gibt es nicht mehr.',
    ],
    [
      'The picture to change is gone from the disk. Choose another one.',
      'Das Bild, das geändert werden soll, ist vom Server verschwunden. Nimm ein anderes.',
    ],
    [
      'The picture could not be written to disk. Try again.',
      'Das Bild konnte nicht gespeichert werden. Versuch es noch einmal.',
    ],
    [
      'The message that was answered does not exist any more.',
      'Die Nachricht, die beantwortet wurde, gibt es nicht mehr.',
    ],
    [
      'The message to go on from does not exist in this conversation.',
      'Die Nachricht, an die es anschließt, gibt es in diesem Gespräch nicht.',
    ],
    [
      'This message does not exist in this conversation.',
      'Diese Nachricht gibt es in diesem Gespräch nicht.',
    ],
    [
      'This answer is still being written. Wait for it, or cancel it.',
      'Diese Antwort wird noch geschrieben. Warte auf sie, oder halte sie an.',
    ],
    [
      'This branch has more than {} messages, the most that can be copied at once.',
      'Dieser Zweig hat mehr als {1} Nachrichten; mehr lassen sich nicht auf einmal kopieren.',
    ],
    [
      'You have {} streams open. Close a tab, or poll the turn instead.',
      'Es sind schon {1} Antworten zugleich offen. Schließ einen Tab.',
    ],
    [
      'There is no answer yet that could be tried again.',
      'Es gibt noch keine Antwort, die noch einmal versucht werden könnte.',
    ],
    ['There is no model {}. Did you mean {}?', 'Ein Modell {1} gibt es nicht. Meinst du {2}?'],
    ['There is no model {}. Choose one of {}.', 'Ein Modell {1} gibt es nicht. Möglich sind {2}.'],
    ['{} does not paint. Did you mean {}?', '{1} malt nicht. Meinst du {2}?'],
    ['{} does not paint. Choose one of {}.', '{1} malt nicht. Möglich sind {2}.'],
    ['{} does not write. Did you mean {}?', '{1} schreibt nicht. Meinst du {2}?'],
    ['{} does not write. Choose one of {}.', '{1} schreibt nicht. Möglich sind {2}.'],
    ['{} does not paint.', '{1} malt nicht.'],
    ['{} does not write.', '{1} schreibt nicht.'],
    ['no such model', 'kein solches Modell'],
    ['not an image model', 'kein Modell, das malt'],
    ['not a chat model', 'kein Modell, das schreibt'],
    [
      '{} needs {}, which is not configured on this server. Name no model to use the embedded offline provider.',
      '{1} braucht {2}, und das ist auf diesem Server nicht eingetragen. Nimm ein anderes Modell.',
    ],
    ['{} has no key configured on this server.', 'Für {1} ist auf diesem Server kein Schlüssel eingetragen.'],
    [
      'Service unavailable: {} does not offer the model "{}". Choose another model.',
      '{1} bietet das Modell „{2}“ nicht an. Nimm ein anderes.',
    ],
    [
      'The picture has {} × {} pixels; {} are the most that Easel takes.',
      'Das Bild des Modells hat {1} × {2} Pixel; höchstens {3} gehen.',
    ],
    [
      'The provider sent a picture of more than {} MB. Try a smaller size or another model.',
      'Das Bild des Modells ist größer als {1} MB. Nimm eine kleinere Größe oder ein anderes Modell.',
    ],
    [
      'Model did not return any images. Try a different prompt or model.',
      'Das Modell hat kein Bild gemalt. Versuch es mit anderen Worten oder einem anderen Modell.',
    ],
    [
      'Model did not return any images. Try a different prompt or model. You were not charged.',
      'Das Modell hat kein Bild gemalt. Versuch es mit anderen Worten oder einem anderen Modell. Es kostet nichts.',
    ],
    [
      'Model did not return any images. Try a different prompt or model. {}',
      'Das Modell hat kein Bild gemalt. Versuch es mit anderen Worten oder einem anderen Modell. {1}',
    ],
    ['{} of the pictures could not be painted: {}', '{1} der Bilder konnten nicht gemalt werden: {2}'],
    [
      'The provider refused this picture for its content policy. Say it in other words; you were not charged.',
      'Der Anbieter des Modells lehnt dieses Bild ab. Beschreib es anders; es kostet nichts.',
    ],
    [
      'This prompt is refused by the content policy of this server. Say it in other words; nothing was spent.',
      'Dieser Server malt das nicht. Beschreib es anders; es hat nichts gekostet.',
    ],
    [
      'You are importing a conversation already. Wait until it is done.',
      'Ein Gespräch wird gerade eingelesen. Warte, bis es so weit ist.',
    ],
    ['The file is empty. Choose an exported ZIP.', 'Die Datei ist leer. Nimm ein exportiertes ZIP.'],
    [
      'The ZIP is larger than {} MB, the most that can be imported.',
      'Das ZIP ist größer als {1} MB; mehr lässt sich nicht einlesen.',
    ],
    ['The ZIP is too large to be imported. {}', 'Das ZIP ist zu groß, um eingelesen zu werden. {1}'],
    ['It unpacks to more than 1 GB.', 'Entpackt ist es größer als 1 GB.'],
    ['It holds more than {} files.', 'Es enthält mehr als {1} Dateien.'],
    ['A file in it is larger than {} MB.', 'Eine Datei darin ist größer als {1} MB.'],
    [
      'The conversation has {} messages; {} are the most that can be imported.',
      'Das Gespräch hat {1} Nachrichten; höchstens {2} lassen sich einlesen.',
    ],
    [
      'The conversation has {} pictures; {} are the most that can be imported.',
      'Das Gespräch hat {1} Bilder; höchstens {2} lassen sich einlesen.',
    ],
    [
      'The conversation in the ZIP holds more values, or deeper ones, than can be imported.',
      'Das Gespräch im ZIP ist zu verschachtelt, um eingelesen zu werden.',
    ],
    [
      'The ZIP holds no {}. Import what was exported as JSON; the Markdown export is for reading.',
      'Im ZIP fehlt {1}. Einlesen lässt sich, was als JSON exportiert wurde; Markdown ist zum Lesen.',
    ],
    [
      'The ZIP lacks the picture {}. Nothing was imported.',
      'Im ZIP fehlt das Bild {1}. Es wurde nichts eingelesen.',
    ],
    ['This is no ZIP that Easel exported: {}.', 'Das ist kein ZIP, das Easel exportiert hat: {1}.'],
    ['a name in it, or what is said of it, is too long', 'ein Name darin ist zu lang'],
    ['it holds a file twice', 'eine Datei ist doppelt darin'],
    ['it holds a link or a device', 'es enthält eine Verknüpfung oder ein Gerät'],
    [
      'a file in it is encrypted or packed in an unusual way',
      'eine Datei darin ist verschlüsselt oder ungewöhnlich gepackt',
    ],
    ['a checksum is wrong', 'eine Prüfsumme stimmt nicht'],
    ['a name in it leads out of its folder', 'ein Name darin führt aus seinem Ordner hinaus'],
    ['it is damaged, cut off, or no ZIP at all', 'es ist beschädigt, abgeschnitten oder gar kein ZIP'],
    ['{} is not valid JSON.', '{1} ist kein gültiges JSON.'],
    ['{} is no conversation that Easel exported.', '{1} ist kein Gespräch, das Easel exportiert hat.'],
    ['{} is of {}; this Easel reads version {}.', '{1} ist von {2}; dieses Easel liest Version {3}.'],
    ['{} is no longer offered; {} painted instead.', 'Das Modell {1} gibt es nicht mehr; gemalt hat {2}.'],
    [
      'Service unavailable: OpenRouter has no provider that serves this model in this way. Choose another model.',
      'OpenRouter kann mit diesem Modell gerade nicht malen oder schreiben. Nimm ein anderes.',
    ],
    ['is missing', 'fehlt'],
    ['is not a whole picture within the limits', 'ist kein ganzes Bild in den Grenzen'],
    ['{}: {} Nothing was imported.', '{1}: {2} Es wurde nichts eingelesen.'],
    [
      'The server was stopped while it worked on this request. What it had spent is not charged; ask with a new Idempotency-Key.',
      'Der Server hielt an, während er daran arbeitete. Es kostet nichts; versuch es noch einmal.',
    ],
    ['Only administrators may do this.', 'Das darf nur, wer diesen Server betreut.'],
  ],
  codes: {
    network: () => 'Der Server ist nicht zu erreichen. Prüfe die Verbindung.',
    bad_answer: () => 'Die Antwort des Servers war nicht zu lesen. Versuch es gleich noch einmal.',
    missing_prompt: () => 'Sag, was das Bild zeigen soll.',
    unauthenticated: () => 'Bitte melde dich an.',
    invalid_filename: () => 'So kann ein Bild nicht heißen.',
    forbidden: () => 'Das darfst du hier nicht.',
    forbidden_origin: () => 'Das kam von einer anderen Seite und wurde abgelehnt. Öffne Easel für sich.',
    method_not_allowed: () => 'Das kennt der Server nicht. Lade die Seite neu.',
    request_timeout: () => 'Die Anfrage kam zu langsam an. Versuch es noch einmal.',
    headers_too_large: () => 'Der Browser schickt zu viel mit. Lösch die Cookies dieser Seite.',
    unknown_host: () =>
      'Unter diesem Namen antwortet der Server nicht. Öffne ihn unter seiner eigenen Adresse.',
    idempotency_mismatch: () => 'Das wurde schon anders gesendet. Sende es noch einmal.',
    interrupted: () =>
      'Der Server hielt an, während er antwortete. Was da war, bleibt; versuch es für den Rest noch einmal.',
    not_found: () => 'Das gibt es nicht, oder es gehört jemand anderem.',
    turn_in_progress: () =>
      'In diesem Gespräch ist eine Antwort unterwegs. Warte auf sie, oder halte sie an.',
    payload_too_large: () => 'Das ist zu groß.',
    unsupported_media_type: () => 'Diese Art von Datei geht nicht. Bilder gehen als PNG, JPEG oder WebP.',
    content_policy: () => 'Dieser Server malt das nicht. Beschreib es anders.',
    rate_limited: (seconds) => `Das war zu oft. ${later(seconds)}`,
    cooldown: (seconds) => `Zwischen zwei Bildern ist eine Pause. ${later(seconds)}`,
    quota_exceeded: (seconds) => `Die Bilder für diese Zeit sind aufgebraucht. ${later(seconds)}`,
    budget_exceeded: (seconds) => `Das Geld für diesen Monat ist aufgebraucht. ${later(seconds)}`,
    too_many_active: () => 'Es läuft schon so viel, wie auf einmal geht. Warte, bis etwas fertig ist.',
    missing_api_key: () => 'Für dieses Modell ist kein Schlüssel eingetragen. Nimm ein anderes.',
    internal_error: () => 'Auf dem Server ging etwas schief. Versuch es noch einmal.',
    openrouter_error: () => 'Der Anbieter des Modells hat einen Fehler gemeldet. Versuch es noch einmal.',
    provider_error: () => 'Der Anbieter des Modells hat einen Fehler gemeldet. Versuch es noch einmal.',
    empty_response: () => 'Vom Modell kam keine Antwort. Versuch es noch einmal.',
    bad_image: () => 'Das Bild des Modells war nicht zu lesen. Versuch es noch einmal.',
    shutting_down: () => 'Der Server hält gerade an. Versuch es gleich noch einmal.',
    timeout: () => 'Das Modell hat zu lange gebraucht. Versuch es noch einmal.',
    storage_full: () => 'Auf dem Server ist kein Platz mehr. Wer ihn betreibt, kann Platz schaffen.',
  },
  reasons: {
    rate_limited: 'Der Anbieter des Modells hat gerade zu viel zu tun. Versuch es gleich noch einmal.',
    insufficient_credits: 'Das Guthaben beim Anbieter des Modells ist aufgebraucht.',
    content_policy: 'Der Anbieter des Modells lehnt das ab. Beschreib es anders.',
    invalid_prompt: 'Der Anbieter des Modells versteht diesen Prompt nicht. Beschreib es anders.',
    unauthorized: 'Der Anbieter des Modells nimmt den Schlüssel dieses Servers nicht an.',
    unavailable: 'Das Modell ist gerade nicht zu erreichen. Versuch es gleich noch einmal.',
    bad_response: 'Die Antwort des Modells war nicht zu lesen. Versuch es noch einmal.',
  },
}
