/** The passwords that are guessed first, of those that are long enough to be taken at all; lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  12345678 123456789 1234567890 12345678910 0123456789 9876543210 987654321 87654321 123123123 123321123
  11111111 22222222 88888888 99999999 00000000 12341234 11223344 1122334455 147258369 123454321 159753159
  12344321 13131313 10203040 31415926 20202020 password password1 password12 password123 password1234
  password! password1! passw0rd p@ssword p@ssw0rd p@ssw0rd1 pa55word passwort passwort1 password2 password3
  mypassword newpassword changeme changeme1 changeme123 changeit letmein1 letmein123 letmeinnow welcome1
  welcome12 welcome123 welcome1! qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwertz123
  qwertzuiop 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc qazwsxedc qazwsx123 zaq12wsx zaq1zaq1 q1w2e3r4
  q1w2e3r4t5 asdfasdf asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm123 1234qwer qwer1234 abcd1234 abc12345
  abc123456 abcdefgh abcdefghi abcdef123 a1b2c3d4 a1b2c3d4e5 aa123456 aa12345678 a12345678 administrator
  admin123 admin1234 admin12345 administrator1 root1234 rootroot toor1234 guest123 test1234 testtest
  testing1 testing123 test12345 user1234 username default1 temp1234 temporary iloveyou iloveyou1 iloveyou2
  ilovegod sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball superman
  superman1 batman123 starwars starwars1 pokemon1 pokemon123 michelle jennifer jordan23 michael1 charlie1
  computer computer1 internet samsung1 whatever trustno1 trustnoone dragon123 monkey123 master123 shadow12
  shadow123 killer123 liverpool chelsea1 arsenal1 corvette mercedes ferrari1 mustang1 snowball butterfly
  chocolate strawberry cheese123 freedom1 secret12 secret123 topsecret access14 access123 login123 hello123
  hello1234 helloworld hallo123 hallo1234 blink182 minecraft fortnite roblox123 google123 facebook
  facebook1 linkedin spiderman december november october1 january1 summer12 summer2024 summer2025 summer2026
  winter2024 winter2025 winter2026 spring2025 spring2026 autumn2025 easel123 easel1234 easeleasel
  correcthorsebatterystaple
  `
    .trim()
    .split(/\s+/),
)
