/** What makes a username unique: its compatibility form in lower case (`ＡＮＮＡ`, `Anna` and `anna` are one). */
export function usernameKey(username: string): string {
  return username.trim().normalize('NFKC').toLowerCase().normalize('NFKC')
}
