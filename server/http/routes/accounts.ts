import type { Accounts } from '../../accounts/accounts.ts'
import {
  ChangePasswordRequest,
  Invite,
  LoginRequest,
  RegisterRequest,
  RegistrationAnswer,
  UserAnswer,
} from '../../contract/accounts.ts'
import { Reply, route, type Route } from '../route.ts'

/** Registration, sign-in and sign-out, the password, invitations. */
export function accountRoutes(accounts: Accounts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/auth/registration',
      access: 'public',
      summary:
        'Who may register (the first person, those with an invitation, everybody, nobody), and whether this request is signed in.',
      answers: { 200: RegistrationAnswer },
      handle: ({ req }) => ({ open: accounts.registration(), signed_in: req.user !== undefined }),
    }),
    route({
      method: 'post',
      path: '/api/auth/register',
      access: 'public',
      summary: 'Make an account and sign in. The first account becomes administrator.',
      body: RegisterRequest,
      answers: { 201: UserAnswer },
      problems: ['forbidden', 'rate_limited'],
      handle: async (ask) => new Reply(201, { user: await accounts.register(ask, ask.body) }),
    }),
    route({
      method: 'post',
      path: '/api/auth/login',
      access: 'public',
      summary: 'Sign in under a new session id.',
      body: LoginRequest,
      answers: { 200: UserAnswer },
      problems: ['unauthenticated', 'rate_limited'],
      handle: async (ask) => ({ user: await accounts.login(ask, ask.body) }),
    }),
    route({
      method: 'post',
      path: '/api/auth/logout',
      access: 'public',
      summary: 'Sign out; the session is gone on the server. Without a session it does nothing.',
      answers: { 204: undefined },
      async handle(ask) {
        await accounts.logout(ask)
        return new Reply(204)
      },
    }),
    route({
      method: 'get',
      path: '/api/auth/me',
      access: 'user',
      summary: 'Who is signed in.',
      answers: { 200: UserAnswer },
      handle: (ask) => ({ user: ask.user }),
    }),
    route({
      method: 'post',
      path: '/api/auth/password',
      access: 'user',
      summary: "Change the own password; ends the user's other sessions.",
      body: ChangePasswordRequest,
      answers: { 204: undefined },
      problems: ['forbidden', 'rate_limited'],
      async handle(ask) {
        await accounts.changePassword(ask, ask.user, ask.body)
        return new Reply(204)
      },
    }),
    route({
      method: 'post',
      path: '/api/invites',
      access: 'admin',
      summary: 'Make an invitation: one registration within seven days.',
      answers: { 201: Invite },
      handle: (ask) => new Reply(201, accounts.invite(ask, ask.user)),
    }),
  ]
}
