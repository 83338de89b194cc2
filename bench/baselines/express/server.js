// The guide's two servers in one; the API key comes from Secrets Manager.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import express from 'express'

const upstream = process.env.OPENAI_BASE_URL
const session = { type: 'realtime', model: 'gpt-realtime-2.1', audio: { output: { voice: 'marin' } } }

const secrets = new SecretsManagerClient()
const secret = secrets.send(new GetSecretValueCommand({ SecretId: process.env.API_KEY_SECRET_ID }))
const authorization = async () => ({ Authorization: `Bearer ${(await secret).SecretString}` })

const app = express()
app.use(express.text({ type: ['application/sdp', 'text/plain'] }))

app.post('/session', async (request, response) => {
  const form = new FormData()
  form.set('sdp', request.body)
  form.set('session', JSON.stringify(session))
  const answer = await fetch(`${upstream}/realtime/calls`, {
    method: 'POST',
    headers: await authorization(),
    body: form
  })
  response.status(answer.status).type('application/sdp').send(await answer.text())
})

app.get('/token', async (request, response) => {
  const minted = await fetch(`${upstream}/realtime/client_secrets`, {
    method: 'POST',
    headers: { ...(await authorization()), 'Content-Type': 'application/json' },
    body: JSON.stringify({ session })
  })
  response.status(minted.status).json(await minted.json())
})

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
