import { z } from 'zod'
import { Id, OneLine, Time } from './basics.ts'

export const User = z.object({
  id: Id,
  username: z.string(),
  display_name: z.string(),
  role: z.enum(['admin', 'user']),
  tier: z.string(),
})
export type User = z.infer<typeof User>

export const UserAnswer = z.object({ user: User })

const Username = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}._@+-]{2,64}$/u, 'takes 2 to 64 letters, digits and . _ @ + -')
const Password = z.string().min(1).max(1024)

export const RegisterRequest = z.strictObject({
  username: Username,
  password: Password,
  display_name: OneLine.min(1).max(100).optional(),
  invite: z.string().max(200).optional(),
})
export type RegisterRequest = z.infer<typeof RegisterRequest>

export const LoginRequest = z.strictObject({ username: z.string().max(200), password: z.string().max(1024) })
export type LoginRequest = z.infer<typeof LoginRequest>

export const ChangePasswordRequest = z.strictObject({
  current_password: z.string().max(1024),
  new_password: Password,
})
export type ChangePasswordRequest = z.infer<typeof ChangePasswordRequest>

export const Invite = z.object({ invite: z.string(), url: z.string(), expires_at: Time })
export type Invite = z.infer<typeof Invite>

/** Who may register at this moment: `first` while there is no account at all. */
export const RegistrationState = z.enum(['first', 'invite', 'open', 'closed'])
export type RegistrationState = z.infer<typeof RegistrationState>

/**
 * Asked by the page before anything else. `signed_in` tells whether this request came with a live session, so
 * that a visitor without one need not be refused first.
 */
export const RegistrationAnswer = z.object({ open: RegistrationState, signed_in: z.boolean() })
export type RegistrationAnswer = z.infer<typeof RegistrationAnswer>
