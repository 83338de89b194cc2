// Written by `make lock` from the types of the openai package 3.57.0.

/** What the Live API passes on of the Responses API, as it is. */
export interface Foreign {
  type?: string
  [member: string]: unknown
}

export type ServerEvent =
  | ConversationCreatedEvent
  | ConversationItemCreatedEvent
  | ConversationItemDeletedEvent
  | ConversationItemInputAudioTranscriptionCompletedEvent
  | ConversationItemInputAudioTranscriptionDeltaEvent
  | ConversationItemInputAudioTranscriptionFailedEvent
  | RealtimeServerEventConversationItemRetrieved
  | ConversationItemTruncatedEvent
  | RealtimeErrorEvent
  | InputAudioBufferClearedEvent
  | InputAudioBufferCommittedEvent
  | InputAudioBufferDtmfEventReceivedEvent
  | InputAudioBufferSpeechStartedEvent
  | InputAudioBufferSpeechStoppedEvent
  | RateLimitsUpdatedEvent
  | ResponseAudioDeltaEvent
  | ResponseAudioDoneEvent
  | ResponseAudioTranscriptDeltaEvent
  | ResponseAudioTranscriptDoneEvent
  | ResponseContentPartAddedEvent
  | ResponseContentPartDoneEvent
  | ResponseCreatedEvent
  | ResponseDoneEvent
  | ResponseFunctionCallArgumentsDeltaEvent
  | ResponseFunctionCallArgumentsDoneEvent
  | ResponseOutputItemAddedEvent
  | ResponseOutputItemDoneEvent
  | ResponseTextDeltaEvent
  | ResponseTextDoneEvent
  | SessionCreatedEvent
  | SessionUpdatedEvent
  | RealtimeServerEventOutputAudioBufferStarted
  | RealtimeServerEventOutputAudioBufferStopped
  | RealtimeServerEventOutputAudioBufferCleared
  | ConversationItemAdded
  | ConversationItemDone
  | InputAudioBufferTimeoutTriggered
  | ConversationItemInputAudioTranscriptionSegment
  | McpListToolsInProgress
  | McpListToolsCompleted
  | McpListToolsFailed
  | ResponseMcpCallArgumentsDelta
  | ResponseMcpCallArgumentsDone
  | ResponseMcpCallInProgress
  | ResponseMcpCallCompleted
  | ResponseMcpCallFailed
  | RealtimeTranslationSessionCreatedEvent
  | RealtimeTranslationSessionUpdatedEvent
  | RealtimeTranslationSessionClosedEvent
  | RealtimeTranslationInputTranscriptDeltaEvent
  | RealtimeTranslationOutputTranscriptDeltaEvent
  | RealtimeTranslationOutputAudioDeltaEvent
  | LiveSessionStartedEvent
  | LiveSessionUpdatedEvent
  | LiveConnectServerEventSessionResumed
  | LiveConnectServerEventSessionPaused
  | LiveInputAudioMutedEvent
  | LiveInputAudioUnmutedEvent
  | LiveOutputAudioFixturePlayingEvent
  | LiveOutputAudioFixturePlayedEvent
  | LiveInstructionsAppendedEvent
  | LiveThinkingAppendedEvent
  | LiveCommentaryAppendedEvent
  | LiveInputTranscriptDeltaEvent
  | LiveOutputTranscriptDeltaEvent
  | LiveDelegationCreatedEvent
  | LiveDecisionEvent
  | LiveDecisionItemCreatedEvent
  | LiveDecisionItemDeletedEvent
  | LiveResponseEvent
  | LiveSessionUsageUpdatedEvent
  | LiveSessionClosedEvent
  | LiveErrorEvent
  | LiveInfoEvent
  | LiveConnectServerEventSessionInputAudioAppend
  | LiveOutputAudioDeltaEvent
  | LiveConnectServerEventTransportDtmfReceived
  | LiveConnectServerEventTransportDtmfSend
  | LiveConnectServerEventTransportDtmfSent
  | LiveConnectServerEventTransportRinging
  | LiveConnectServerEventTransportAnswered
  | LiveConnectServerEventTransportFailed

export type ClientEvent =
  | ConversationItemCreateEvent
  | ConversationItemDeleteEvent
  | ConversationItemRetrieveEvent
  | ConversationItemTruncateEvent
  | InputAudioBufferAppendEvent
  | InputAudioBufferClearEvent
  | OutputAudioBufferClearEvent
  | InputAudioBufferCommitEvent
  | ResponseCancelEvent
  | ResponseCreateEvent
  | SessionUpdateEvent
  | RealtimeTranslationSessionUpdateEvent
  | RealtimeTranslationInputAudioBufferAppendEvent
  | RealtimeTranslationSessionCloseEvent
  | LiveSessionStartEvent
  | LiveSessionUpdateEvent
  | LiveInputAudioAppendEvent
  | LiveInputAudioMuteEvent
  | LiveInputAudioUnmuteEvent
  | LiveOutputAudioFixturePlayEvent
  | LiveInstructionsAppendEvent
  | LiveThinkingAppendEvent
  | LiveCommentaryAppendEvent
  | LiveDecisionCreateEvent
  | LiveDecisionItemCreateEvent
  | LiveDecisionItemDeleteEvent
  | LiveResponseItemCreateEvent
  | LiveResponseCreateEvent
  | LiveSessionCloseEvent

export interface AudioTranscription {
  delay?: "minimal" | "low" | "medium" | "high" | "xhigh" | null
  keywords?: Array<string> | null
  language?: string | null
  languages?: Array<string> | null
  model?: string | null
  prompt?: string | null
}

export interface ConversationCreatedEvent {
  conversation: ConversationCreatedEventConversation
  event_id: string
  type: "conversation.created"
}

export interface ConversationCreatedEventConversation {
  id?: string | null
  object?: "realtime.conversation" | null
}

export interface ConversationItemAdded {
  event_id: string
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  type: "conversation.item.added"
  previous_item_id?: string | null
}

export interface ConversationItemCreateEvent {
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  type: "conversation.item.create"
  event_id?: string | null
  previous_item_id?: string | null
}

export interface ConversationItemCreatedEvent {
  event_id: string
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  type: "conversation.item.created"
  previous_item_id?: string | null
}

export interface ConversationItemDeleteEvent {
  item_id: string
  type: "conversation.item.delete"
  event_id?: string | null
}

export interface ConversationItemDeletedEvent {
  event_id: string
  item_id: string
  type: "conversation.item.deleted"
}

export interface ConversationItemDone {
  event_id: string
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  type: "conversation.item.done"
  previous_item_id?: string | null
}

export interface ConversationItemInputAudioTranscriptionCompletedEvent {
  content_index: number
  event_id: string
  item_id: string
  transcript: string
  type: "conversation.item.input_audio_transcription.completed"
  usage: ConversationItemInputAudioTranscriptionCompletedEventUsageTranscriptTextUsageTokens | ConversationItemInputAudioTranscriptionCompletedEventUsageTranscriptTextUsageDuration
  languages?: Array<TranscriptionLanguage> | null
  logprobs?: Array<LogProbProperties> | null
}

export interface ConversationItemInputAudioTranscriptionCompletedEventUsageTranscriptTextUsageDuration {
  seconds: number
  type: "duration"
}

export interface ConversationItemInputAudioTranscriptionCompletedEventUsageTranscriptTextUsageTokens {
  input_tokens: number
  output_tokens: number
  total_tokens: number
  type: "tokens"
  input_token_details?: ConversationItemInputAudioTranscriptionCompletedEventUsageTranscriptTextUsageTokensInputTokenDetails | null
}

export interface ConversationItemInputAudioTranscriptionCompletedEventUsageTranscriptTextUsageTokensInputTokenDetails {
  audio_tokens?: number | null
  text_tokens?: number | null
}

export interface ConversationItemInputAudioTranscriptionDeltaEvent {
  event_id: string
  item_id: string
  type: "conversation.item.input_audio_transcription.delta"
  content_index?: number | null
  delta?: string | null
  logprobs?: Array<LogProbProperties> | null
}

export interface ConversationItemInputAudioTranscriptionFailedEvent {
  content_index: number
  error: ConversationItemInputAudioTranscriptionFailedEventError
  event_id: string
  item_id: string
  type: "conversation.item.input_audio_transcription.failed"
}

export interface ConversationItemInputAudioTranscriptionFailedEventError {
  code?: string | null
  message?: string | null
  param?: string | null
  type?: string | null
}

export interface ConversationItemInputAudioTranscriptionSegment {
  id: string
  content_index: number
  end: number
  event_id: string
  item_id: string
  speaker: string
  start: number
  text: string
  type: "conversation.item.input_audio_transcription.segment"
}

export interface ConversationItemRetrieveEvent {
  item_id: string
  type: "conversation.item.retrieve"
  event_id?: string | null
}

export interface ConversationItemTruncateEvent {
  audio_end_ms: number
  content_index: number
  item_id: string
  type: "conversation.item.truncate"
  event_id?: string | null
}

export interface ConversationItemTruncatedEvent {
  audio_end_ms: number
  content_index: number
  event_id: string
  item_id: string
  type: "conversation.item.truncated"
}

export interface Decision {
  answers: Array<DecisionAnswerAnswerResourcePredicate | DecisionAnswerAnswerResourceChoice | DecisionAnswerAnswerResourceScore | DecisionAnswerAnswerResourceRefusal>
  model: string
  usage: DecisionUsage
}

export interface DecisionAnswerAnswerResourceChoice {
  choice: string | boolean
  confidence: number
  name?: string | null
  probabilities: Array<DecisionAnswerAnswerResourceChoiceProbability>
  type: "choice"
}

export interface DecisionAnswerAnswerResourceChoiceProbability {
  probability: number
  value: string | boolean
}

export interface DecisionAnswerAnswerResourcePredicate {
  name?: string | null
  probability: number
  type: "predicate"
}

export interface DecisionAnswerAnswerResourceRefusal {
  name?: string | null
  type: "refusal"
}

export interface DecisionAnswerAnswerResourceScore {
  confidence: number
  name?: string | null
  probabilities: Array<DecisionAnswerAnswerResourceScoreProbability>
  score: number
  type: "score"
}

export interface DecisionAnswerAnswerResourceScoreProbability {
  label: string
  probability: number
  value: number
}

export interface DecisionUsage {
  input_tokens: number
  input_tokens_details: DecisionUsageInputTokensDetails
  output_tokens: number
  output_tokens_details: DecisionUsageOutputTokensDetails
  total_tokens: number
}

export interface DecisionUsageInputTokensDetails {
  cache_write_tokens: number
  cached_tokens: number
}

export interface DecisionUsageOutputTokensDetails {
  reasoning_tokens: number
}

export interface InputAudioBufferAppendEvent {
  audio: string
  type: "input_audio_buffer.append"
  event_id?: string | null
}

export interface InputAudioBufferClearEvent {
  type: "input_audio_buffer.clear"
  event_id?: string | null
}

export interface InputAudioBufferClearedEvent {
  event_id: string
  type: "input_audio_buffer.cleared"
}

export interface InputAudioBufferCommitEvent {
  type: "input_audio_buffer.commit"
  event_id?: string | null
}

export interface InputAudioBufferCommittedEvent {
  event_id: string
  item_id: string
  type: "input_audio_buffer.committed"
  previous_item_id?: string | null
}

export interface InputAudioBufferDtmfEventReceivedEvent {
  event: string
  received_at: number
  type: "input_audio_buffer.dtmf_event_received"
}

export interface InputAudioBufferSpeechStartedEvent {
  audio_start_ms: number
  event_id: string
  item_id: string
  type: "input_audio_buffer.speech_started"
}

export interface InputAudioBufferSpeechStoppedEvent {
  audio_end_ms: number
  event_id: string
  item_id: string
  type: "input_audio_buffer.speech_stopped"
}

export interface InputAudioBufferTimeoutTriggered {
  audio_end_ms: number
  audio_start_ms: number
  event_id: string
  item_id: string
  type: "input_audio_buffer.timeout_triggered"
}

export interface LiveAudioFormatAudioPCM {
  rate: 16000 | 24000
  type: "audio/pcm"
}

export interface LiveAudioFormatAudioPCMA {
  rate: number
  type: "audio/pcma"
}

export interface LiveAudioFormatAudioPCMU {
  rate: number
  type: "audio/pcmu"
}

export interface LiveClientConfig {
  data_channel: LiveDataChannelConfig
}

export interface LiveClientDelegation {
  type: "client"
  acknowledgement_delay_ms?: number | null
}

export interface LiveCommentaryAppendEvent {
  content: string
  delegation_id?: string | null
  type: "session.commentary.append"
  event_id?: string | null
}

export interface LiveCommentaryAppendedEvent {
  end_ms: number
  event_id: string
  start_ms: number
  type: "session.commentary.appended"
  client_event_id?: string | null
}

export interface LiveConnectServerEventSessionInputAudioAppend {
  audio: string
  type: "session.input_audio.append"
}

export interface LiveConnectServerEventSessionPaused {
  event_id: string
  type: "session.paused"
  client_event_id?: string | null
}

export interface LiveConnectServerEventSessionResumed {
  event_id: string
  type: "session.resumed"
  client_event_id?: string | null
}

export interface LiveConnectServerEventTransportAnswered {
  event_id: string
  session_id: string
  type: "transport.answered"
}

export interface LiveConnectServerEventTransportDtmfReceived {
  event: string
  event_id: string
  type: "transport.dtmf.received"
}

export interface LiveConnectServerEventTransportDtmfSend {
  event: string
  event_id: string
  type: "transport.dtmf.send"
  client_event_id?: string | null
}

export interface LiveConnectServerEventTransportDtmfSent {
  event: string
  event_id: string
  type: "transport.dtmf.sent"
  client_event_id?: string | null
}

export interface LiveConnectServerEventTransportFailed {
  error: LiveConnectServerEventTransportFailedError
  event_id: string
  session_id: string
  type: "transport.failed"
}

export interface LiveConnectServerEventTransportFailedError {
  code: string
  message: string
  type: "call_error"
  param?: string | null
}

export interface LiveConnectServerEventTransportRinging {
  event_id: string
  session_id: string
  type: "transport.ringing"
}

export interface LiveCustomVoice {
  id: string
}

export interface LiveDataChannelConfig {
  allowed_client_events?: "all" | Array<string> | null
  allowed_server_events?: "all" | Array<LiveServerEventSelector> | null
}

export interface LiveDecisionAssistantMessage {
  content: string | Array<LiveDecisionAssistantMessageContentPartOutputText | LiveDecisionAssistantMessageContentPartRefusal>
  role: "assistant"
  id?: string | null
  phase?: "commentary" | "final_answer" | null
  type?: "message" | null
}

export interface LiveDecisionAssistantMessageContentPartOutputText {
  text: string
  type: "output_text"
}

export interface LiveDecisionAssistantMessageContentPartRefusal {
  refusal: string
  type: "refusal"
}

export interface LiveDecisionChoiceOption {
  value: string | boolean
  description?: string | null
}

export interface LiveDecisionCreateEvent {
  event_id: string
  type: "decision.create"
}

export interface LiveDecisionDeveloperMessage {
  content: string | Array<LiveDecisionInputText>
  role: "developer"
  id?: string | null
  type?: "message" | null
}

export interface LiveDecisionEvent {
  delegation_id?: string | null
  event: LiveDecisionEventEvent
  event_id: string
  source_event_id?: string | null
  source_event_type?: "session.input_transcript.delta" | "session.output_transcript.delta" | null
  trigger_id?: string | null
  type: "decision.event"
}

export interface LiveDecisionEventEvent {
  decision: Decision
  type: "decision.completed"
}

export interface LiveDecisionInputText {
  text: string
  type: "input_text"
}

export interface LiveDecisionItemCreateEvent {
  item: LiveDecisionUserMessage | LiveDecisionDeveloperMessage | LiveDecisionSystemMessage | LiveDecisionAssistantMessage | LiveDecisionItemCreateEventItemFunctionCall | LiveDecisionItemCreateEventItemFunctionCallOutput | LiveDecisionItemCreateEventItemCustomToolCall | LiveDecisionItemCreateEventItemCustomToolCallOutput
  type: "decision.item.create"
  event_id?: string | null
}

export interface LiveDecisionItemCreateEventItemCustomToolCall {
  call_id: string
  input: string
  name: string
  type: "custom_tool_call"
  id?: string | null
  namespace?: string | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreateEventItemCustomToolCallOutput {
  call_id: string
  output: string | Array<LiveDecisionInputText | LiveDecisionItemCreateEventItemCustomToolCallOutputOutputPartsInputImage>
  type: "custom_tool_call_output"
  id?: string | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreateEventItemCustomToolCallOutputOutputPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionItemCreateEventItemFunctionCall {
  arguments: string
  call_id: string
  name: string
  type: "function_call"
  id?: string | null
  namespace?: string | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreateEventItemFunctionCallOutput {
  call_id: string
  output: string | Array<LiveDecisionInputText | LiveDecisionItemCreateEventItemFunctionCallOutputOutputPartsInputImage>
  type: "function_call_output"
  id?: string | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreateEventItemFunctionCallOutputOutputPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionItemCreatedEvent {
  event_id: string
  item: LiveDecisionStoredUserMessage | LiveDecisionStoredDeveloperMessage | LiveDecisionStoredSystemMessage | LiveDecisionStoredAssistantMessage | LiveDecisionItemCreatedEventItemFunctionCall | LiveDecisionItemCreatedEventItemFunctionCallOutput | LiveDecisionItemCreatedEventItemCustomToolCall | LiveDecisionItemCreatedEventItemCustomToolCallOutput
  type: "decision.item.created"
  client_event_id?: string | null
}

export interface LiveDecisionItemCreatedEventItemCustomToolCall {
  id: string
  call_id: string
  input: string
  name: string
  type: "custom_tool_call"
  namespace?: string | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreatedEventItemCustomToolCallOutput {
  id: string
  call_id: string
  output: string | Array<LiveDecisionInputText | LiveDecisionItemCreatedEventItemCustomToolCallOutputOutputPartsInputImage>
  type: "custom_tool_call_output"
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreatedEventItemCustomToolCallOutputOutputPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionItemCreatedEventItemFunctionCall {
  id: string
  arguments: string
  call_id: string
  name: string
  type: "function_call"
  namespace?: string | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreatedEventItemFunctionCallOutput {
  id: string
  call_id: string
  output: string | Array<LiveDecisionInputText | LiveDecisionItemCreatedEventItemFunctionCallOutputOutputPartsInputImage>
  type: "function_call_output"
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface LiveDecisionItemCreatedEventItemFunctionCallOutputOutputPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionItemDeleteEvent {
  item_id: string
  type: "decision.item.delete"
  event_id?: string | null
}

export interface LiveDecisionItemDeletedEvent {
  event_id: string
  item_id: string
  type: "decision.item.deleted"
  client_event_id?: string | null
}

export interface LiveDecisionQuestionChoice {
  choices: Array<LiveDecisionChoiceOption>
  instructions: string | Array<LiveDecisionInputText | LiveDecisionQuestionChoiceInstructionsPartsInputImage | LiveDecisionQuestionChoiceInstructionsPartsInputJSON>
  type: "choice"
  name?: string | null
}

export interface LiveDecisionQuestionChoiceInstructionsPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionQuestionChoiceInstructionsPartsInputJSON {
  data: Array<Record<string, unknown>> | Record<string, unknown>
  type: "input_json"
}

export interface LiveDecisionQuestionPredicate {
  instructions: string | Array<LiveDecisionInputText | LiveDecisionQuestionPredicateInstructionsPartsInputImage | LiveDecisionQuestionPredicateInstructionsPartsInputJSON>
  type: "predicate"
  name?: string | null
}

export interface LiveDecisionQuestionPredicateInstructionsPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionQuestionPredicateInstructionsPartsInputJSON {
  data: Array<Record<string, unknown>> | Record<string, unknown>
  type: "input_json"
}

export interface LiveDecisionQuestionScore {
  instructions: string | Array<LiveDecisionInputText | LiveDecisionQuestionScoreInstructionsPartsInputImage | LiveDecisionQuestionScoreInstructionsPartsInputJSON>
  levels: Array<LiveDecisionQuestionScoreLevel>
  type: "score"
  name?: string | null
}

export interface LiveDecisionQuestionScoreInstructionsPartsInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionQuestionScoreInstructionsPartsInputJSON {
  data: Array<Record<string, unknown>> | Record<string, unknown>
  type: "input_json"
}

export interface LiveDecisionQuestionScoreLevel {
  label: string
  description?: string | null
}

export interface LiveDecisionStoredAssistantMessage {
  id: string
  content: string | Array<LiveDecisionStoredAssistantMessageContentPartOutputText | LiveDecisionStoredAssistantMessageContentPartRefusal>
  role: "assistant"
  phase?: "commentary" | "final_answer" | null
  type?: "message" | null
}

export interface LiveDecisionStoredAssistantMessageContentPartOutputText {
  text: string
  type: "output_text"
}

export interface LiveDecisionStoredAssistantMessageContentPartRefusal {
  refusal: string
  type: "refusal"
}

export interface LiveDecisionStoredDeveloperMessage {
  id: string
  content: string | Array<LiveDecisionInputText>
  role: "developer"
  type?: "message" | null
}

export interface LiveDecisionStoredSystemMessage {
  id: string
  content: string | Array<LiveDecisionInputText>
  role: "system"
  type?: "message" | null
}

export interface LiveDecisionStoredUserMessage {
  id: string
  content: string | Array<LiveDecisionStoredUserMessageContentPartInputText | LiveDecisionStoredUserMessageContentPartInputImage | LiveDecisionStoredUserMessageContentPartInputJSON>
  role: "user"
  type?: "message" | null
}

export interface LiveDecisionStoredUserMessageContentPartInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionStoredUserMessageContentPartInputJSON {
  data: Array<Record<string, unknown>> | Record<string, unknown>
  type: "input_json"
}

export interface LiveDecisionStoredUserMessageContentPartInputText {
  text: string
  type: "input_text"
}

export interface LiveDecisionSystemMessage {
  content: string | Array<LiveDecisionInputText>
  role: "system"
  id?: string | null
  type?: "message" | null
}

export interface LiveDecisionTrigger {
  decisions: LiveDecisionTriggerDecisions
  event_type: "session.input_transcript.delta" | "session.output_transcript.delta"
  type: "decisions"
}

export interface LiveDecisionTriggerDecisions {
  questions: Array<LiveDecisionQuestionChoice | LiveDecisionQuestionPredicate | LiveDecisionQuestionScore>
}

export interface LiveDecisionUserMessage {
  content: string | Array<LiveDecisionUserMessageContentPartInputText | LiveDecisionUserMessageContentPartInputImage | LiveDecisionUserMessageContentPartInputJSON>
  role: "user"
  id?: string | null
  type?: "message" | null
}

export interface LiveDecisionUserMessageContentPartInputImage {
  image_url: string
  type: "input_image"
  detail?: "low" | "high" | "auto" | "original" | null
}

export interface LiveDecisionUserMessageContentPartInputJSON {
  data: Array<Record<string, unknown>> | Record<string, unknown>
  type: "input_json"
}

export interface LiveDecisionUserMessageContentPartInputText {
  text: string
  type: "input_text"
}

export interface LiveDecisionsDelegationConfig {
  model: string
  questions: Array<LiveDecisionQuestionChoice | LiveDecisionQuestionPredicate | LiveDecisionQuestionScore>
}

export interface LiveDecisionsDelegationUpdateConfig {
  model?: string | null
  questions?: Array<LiveDecisionQuestionChoice | LiveDecisionQuestionPredicate | LiveDecisionQuestionScore> | null
}

export interface LiveDelegationCreatedEvent {
  delegation: LiveDelegationCreatedEventDelegation
  event_id: string
  offset_ms: number
  type: "session.delegation.created"
  client_event_id?: string | null
}

export interface LiveDelegationCreatedEventDelegation {
  id: string
  target: "client" | "responses" | "decisions"
  type: "delegation"
  response_id?: string | null
}

export interface LiveError {
  code: string
  message: string
  type: string
  client_event_id?: string | null
  param?: string | null
}

export interface LiveErrorEvent {
  error: LiveError
  event_id: string
  type: "error"
  client_event_id?: string | null
}

export interface LiveFunctionTool {
  name: string
  type: "function"
  description?: string | null
  parameters?: Record<string, unknown> | null
  strict?: boolean | null
}

export interface LiveInfoEvent {
  code: string
  event_id: string
  message: string
  type: "info"
  client_event_id?: string | null
}

export interface LiveInitialItemAssistant {
  content: Array<LiveInitialItemAssistantContentText | LiveInitialItemAssistantContentOutputText>
  role: "assistant"
  id?: string | null
  status?: "incomplete" | "completed" | null
  type?: "message" | null
}

export interface LiveInitialItemAssistantContentOutputText {
  text: string
  type: "output_text"
}

export interface LiveInitialItemAssistantContentText {
  text: string
  type?: "text" | null
}

export interface LiveInitialItemDeveloper {
  content: Array<LiveInitialItemDeveloperContent>
  role: "developer"
  id?: string | null
  status?: "incomplete" | "completed" | null
  type?: "message" | null
}

export interface LiveInitialItemDeveloperContent {
  text: string
  type?: "input_text" | null
}

export interface LiveInitialItemUser {
  content: Array<LiveInitialItemUserContent>
  role: "user"
  id?: string | null
  status?: "incomplete" | "completed" | null
  type?: "message" | null
}

export interface LiveInitialItemUserContent {
  text: string
  type?: "input_text" | null
}

export interface LiveInputAudioAppendEvent {
  audio: string
  type: "session.input_audio.append"
  event_id?: string | null
}

export interface LiveInputAudioMuteEvent {
  type: "session.input_audio.mute"
  event_id?: string | null
}

export interface LiveInputAudioMutedEvent {
  event_id: string
  type: "session.input_audio.muted"
  client_event_id?: string | null
}

export interface LiveInputAudioUnmuteEvent {
  type: "session.input_audio.unmute"
  event_id?: string | null
}

export interface LiveInputAudioUnmutedEvent {
  event_id: string
  type: "session.input_audio.unmuted"
  client_event_id?: string | null
}

export interface LiveInputTranscriptDeltaEvent {
  delta: string
  end_ms: number
  event_id: string
  start_ms: number
  type: "session.input_transcript.delta"
  client_event_id?: string | null
}

export interface LiveInstructionsAppendEvent {
  content: string
  delegation_id?: string | null
  type: "session.instructions.append"
  event_id?: string | null
}

export interface LiveInstructionsAppendedEvent {
  end_ms: number
  event_id: string
  start_ms: number
  type: "session.instructions.appended"
  client_event_id?: string | null
}

export interface LiveOutputAudioDeltaEvent {
  delta: string
  type: "session.output_audio.delta"
  end_ms?: number | null
  start_ms?: number | null
}

export interface LiveOutputAudioFixturePlayEvent {
  audio: string
  type: "session.output_audio.fixture.play"
  event_id?: string | null
}

export interface LiveOutputAudioFixturePlayedEvent {
  event_id: string
  type: "session.output_audio.fixture.played"
  client_event_id?: string | null
}

export interface LiveOutputAudioFixturePlayingEvent {
  event_id: string
  type: "session.output_audio.fixture.playing"
  client_event_id?: string | null
}

export interface LiveOutputTranscriptDeltaEvent {
  delta: string
  end_ms: number
  event_id: string
  start_ms: number
  type: "session.output_transcript.delta"
  client_event_id?: string | null
}

export interface LiveResponseCreateEvent {
  type: "response.create"
  event_id?: string | null
}

export interface LiveResponseEvent {
  event: Record<string, unknown>
  event_id: string
  type: "response.event"
  client_event_id?: string | null
  delegation_id?: string | null
}

export interface LiveResponseItemCreateEvent {
  item: Foreign
  type: "response.item.create"
  event_id?: string | null
}

export interface LiveResponsesDelegationConfig {
  model: string
  instructions?: string | null
  max_output_tokens?: number | null
  parallel_tool_calls?: boolean | null
  reasoning?: LiveResponsesDelegationConfigReasoning | null
  service_tier?: "auto" | "default" | "fast_tier_temp_pilot" | "flex" | "priority" | "ultrafast" | null
  text?: LiveResponsesDelegationConfigText | null
  tool_choice?: "auto" | "none" | "required" | LiveResponsesDelegationConfigToolChoiceLiveFunctionToolChoiceParam | LiveResponsesDelegationConfigToolChoiceLiveMCPToolChoiceParam | LiveResponsesDelegationConfigToolChoiceFileSearch | LiveResponsesDelegationConfigToolChoiceWebSearch | LiveResponsesDelegationConfigToolChoiceWebSearchPreview | LiveResponsesDelegationConfigToolChoiceImageGeneration | LiveResponsesDelegationConfigToolChoiceComputer | LiveResponsesDelegationConfigToolChoiceCodeInterpreter | LiveResponsesDelegationConfigToolChoiceProgrammaticToolCalling | LiveResponsesDelegationConfigToolChoiceShell | LiveResponsesDelegationConfigToolChoiceCustom | LiveResponsesDelegationConfigToolChoiceApplyPatch | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParam | null
  tools?: Array<LiveFunctionTool | LiveResponsesDelegationConfigToolWebSearch | LiveResponsesDelegationConfigToolFileSearch | LiveResponsesDelegationConfigToolCodeInterpreter | LiveResponsesDelegationConfigToolShell | LiveResponsesDelegationConfigToolImageGeneration | LiveResponsesDelegationConfigToolMcp | LiveResponsesDelegationConfigToolCustom | LiveResponsesDelegationConfigToolNamespace | LiveResponsesDelegationConfigToolSearch | LiveResponsesDelegationConfigToolProgrammaticToolCalling | LiveResponsesDelegationConfigToolComputer | LiveResponsesDelegationConfigToolApplyPatch> | null
}

export interface LiveResponsesDelegationConfigReasoning {
  effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | null
  summary?: "concise" | "detailed" | "auto" | null
}

export interface LiveResponsesDelegationConfigText {
  verbosity?: "low" | "medium" | "high" | null
}

export interface LiveResponsesDelegationConfigToolApplyPatch {
  type: "apply_patch"
}

export interface LiveResponsesDelegationConfigToolChoiceApplyPatch {
  type: "apply_patch"
}

export interface LiveResponsesDelegationConfigToolChoiceCodeInterpreter {
  type: "code_interpreter"
}

export interface LiveResponsesDelegationConfigToolChoiceComputer {
  type: "computer"
}

export interface LiveResponsesDelegationConfigToolChoiceCustom {
  name: string
  type: "custom"
}

export interface LiveResponsesDelegationConfigToolChoiceFileSearch {
  type: "file_search"
}

export interface LiveResponsesDelegationConfigToolChoiceImageGeneration {
  type: "image_generation"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParam {
  tools: Array<LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveFunctionToolChoiceParam | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveMCPToolChoiceParam | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolFileSearch | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearch | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearchPreview | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolImageGeneration | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolComputer | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolCodeInterpreter | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolProgrammaticToolCalling | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolShell | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolCustom | LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolApplyPatch>
  type: "allowed_tools"
  mode?: "none" | "auto" | "required" | null
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolApplyPatch {
  type: "apply_patch"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolCodeInterpreter {
  type: "code_interpreter"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolComputer {
  type: "computer"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolCustom {
  name: string
  type: "custom"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolFileSearch {
  type: "file_search"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolImageGeneration {
  type: "image_generation"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveFunctionToolChoiceParam {
  name: string
  type: "function"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveMCPToolChoiceParam {
  name: string
  server_label: string
  type: "mcp"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolProgrammaticToolCalling {
  type: "programmatic_tool_calling"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolShell {
  type: "shell"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearch {
  type: "web_search"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearchPreview {
  type: "web_search_preview"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveFunctionToolChoiceParam {
  name: string
  type: "function"
}

export interface LiveResponsesDelegationConfigToolChoiceLiveMCPToolChoiceParam {
  name: string
  server_label: string
  type: "mcp"
}

export interface LiveResponsesDelegationConfigToolChoiceProgrammaticToolCalling {
  type: "programmatic_tool_calling"
}

export interface LiveResponsesDelegationConfigToolChoiceShell {
  type: "shell"
}

export interface LiveResponsesDelegationConfigToolChoiceWebSearch {
  type: "web_search"
}

export interface LiveResponsesDelegationConfigToolChoiceWebSearchPreview {
  type: "web_search_preview"
}

export interface LiveResponsesDelegationConfigToolCodeInterpreter {
  type: "code_interpreter"
}

export interface LiveResponsesDelegationConfigToolComputer {
  type: "computer"
}

export interface LiveResponsesDelegationConfigToolCustom {
  type: "custom"
}

export interface LiveResponsesDelegationConfigToolFileSearch {
  type: "file_search"
}

export interface LiveResponsesDelegationConfigToolImageGeneration {
  type: "image_generation"
}

export interface LiveResponsesDelegationConfigToolMcp {
  type: "mcp"
  allowed_callers?: Array<"direct" | "programmatic"> | null
  allowed_tools?: Array<string> | LiveResponsesDelegationConfigToolMcpAllowedToolsLiveMCPToolFilterParam | null
  authorization?: string | null
  connector_id?: string | null
  defer_loading?: boolean | null
  headers?: Record<string, string> | null
  require_approval?: LiveResponsesDelegationConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParam | "always" | "never" | null
  server_description?: string | null
  server_label?: string | null
  server_url?: string | null
  tunnel_id?: string | null
}

export interface LiveResponsesDelegationConfigToolMcpAllowedToolsLiveMCPToolFilterParam {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface LiveResponsesDelegationConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParam {
  always?: LiveResponsesDelegationConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamAlways | null
  never?: LiveResponsesDelegationConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamNever | null
}

export interface LiveResponsesDelegationConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamAlways {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface LiveResponsesDelegationConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamNever {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface LiveResponsesDelegationConfigToolNamespace {
  type: "namespace"
}

export interface LiveResponsesDelegationConfigToolProgrammaticToolCalling {
  type: "programmatic_tool_calling"
}

export interface LiveResponsesDelegationConfigToolSearch {
  type: "tool_search"
}

export interface LiveResponsesDelegationConfigToolShell {
  type: "shell"
  environment?: LiveResponsesDelegationConfigToolShellEnvironmentContainerAuto | LiveResponsesDelegationConfigToolShellEnvironmentContainerReference | LiveResponsesDelegationConfigToolShellEnvironmentLocal | null
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerAuto {
  type: "container_auto"
  file_ids?: Array<string> | null
  memory_limit?: "1g" | "4g" | "16g" | "64g" | null
  network_policy?: LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoNetworkPolicyDisabled | LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoNetworkPolicyAllowlist | null
  skills?: Array<LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoSkillSkillReference | LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoSkillInline> | null
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoNetworkPolicyAllowlist {
  allowed_domains: Array<string>
  type: "allowlist"
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoNetworkPolicyDisabled {
  type: "disabled"
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoSkillInline {
  description: string
  name: string
  source: LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoSkillInlineSource
  type: "inline"
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoSkillInlineSource {
  data: string
  media_type: "application/zip"
  type: "base64"
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerAutoSkillSkillReference {
  skill_id: string
  type: "skill_reference"
  version?: string | null
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentContainerReference {
  container_id: string
  type: "container_reference"
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentLocal {
  type: "local"
  skills?: Array<LiveResponsesDelegationConfigToolShellEnvironmentLocalSkill> | null
}

export interface LiveResponsesDelegationConfigToolShellEnvironmentLocalSkill {
  description: string
  name: string
  path: string
}

export interface LiveResponsesDelegationConfigToolWebSearch {
  type: "web_search"
}

export interface LiveResponsesDelegationUpdateConfig {
  instructions?: string | null
  max_output_tokens?: number | null
  model?: string | null
  parallel_tool_calls?: boolean | null
  reasoning?: LiveResponsesDelegationUpdateConfigReasoning | null
  service_tier?: "auto" | "default" | "fast_tier_temp_pilot" | "flex" | "priority" | "ultrafast" | null
  text?: LiveResponsesDelegationUpdateConfigText | null
  tool_choice?: "auto" | "none" | "required" | LiveResponsesDelegationUpdateConfigToolChoiceLiveFunctionToolChoiceParam | LiveResponsesDelegationUpdateConfigToolChoiceLiveMCPToolChoiceParam | LiveResponsesDelegationUpdateConfigToolChoiceFileSearch | LiveResponsesDelegationUpdateConfigToolChoiceWebSearch | LiveResponsesDelegationUpdateConfigToolChoiceWebSearchPreview | LiveResponsesDelegationUpdateConfigToolChoiceImageGeneration | LiveResponsesDelegationUpdateConfigToolChoiceComputer | LiveResponsesDelegationUpdateConfigToolChoiceCodeInterpreter | LiveResponsesDelegationUpdateConfigToolChoiceProgrammaticToolCalling | LiveResponsesDelegationUpdateConfigToolChoiceShell | LiveResponsesDelegationUpdateConfigToolChoiceCustom | LiveResponsesDelegationUpdateConfigToolChoiceApplyPatch | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParam | null
  tools?: Array<LiveFunctionTool | LiveResponsesDelegationUpdateConfigToolWebSearch | LiveResponsesDelegationUpdateConfigToolFileSearch | LiveResponsesDelegationUpdateConfigToolCodeInterpreter | LiveResponsesDelegationUpdateConfigToolShell | LiveResponsesDelegationUpdateConfigToolImageGeneration | LiveResponsesDelegationUpdateConfigToolMcp | LiveResponsesDelegationUpdateConfigToolCustom | LiveResponsesDelegationUpdateConfigToolNamespace | LiveResponsesDelegationUpdateConfigToolSearch | LiveResponsesDelegationUpdateConfigToolProgrammaticToolCalling | LiveResponsesDelegationUpdateConfigToolComputer | LiveResponsesDelegationUpdateConfigToolApplyPatch> | null
}

export interface LiveResponsesDelegationUpdateConfigReasoning {
  effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | null
  summary?: "concise" | "detailed" | "auto" | null
}

export interface LiveResponsesDelegationUpdateConfigText {
  verbosity?: "low" | "medium" | "high" | null
}

export interface LiveResponsesDelegationUpdateConfigToolApplyPatch {
  type: "apply_patch"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceApplyPatch {
  type: "apply_patch"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceCodeInterpreter {
  type: "code_interpreter"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceComputer {
  type: "computer"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceCustom {
  name: string
  type: "custom"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceFileSearch {
  type: "file_search"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceImageGeneration {
  type: "image_generation"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParam {
  tools: Array<LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveFunctionToolChoiceParam | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveMCPToolChoiceParam | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolFileSearch | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearch | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearchPreview | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolImageGeneration | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolComputer | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolCodeInterpreter | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolProgrammaticToolCalling | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolShell | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolCustom | LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolApplyPatch>
  type: "allowed_tools"
  mode?: "none" | "auto" | "required" | null
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolApplyPatch {
  type: "apply_patch"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolCodeInterpreter {
  type: "code_interpreter"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolComputer {
  type: "computer"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolCustom {
  name: string
  type: "custom"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolFileSearch {
  type: "file_search"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolImageGeneration {
  type: "image_generation"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveFunctionToolChoiceParam {
  name: string
  type: "function"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolLiveMCPToolChoiceParam {
  name: string
  server_label: string
  type: "mcp"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolProgrammaticToolCalling {
  type: "programmatic_tool_calling"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolShell {
  type: "shell"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearch {
  type: "web_search"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveAllowedToolsChoiceParamToolWebSearchPreview {
  type: "web_search_preview"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveFunctionToolChoiceParam {
  name: string
  type: "function"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceLiveMCPToolChoiceParam {
  name: string
  server_label: string
  type: "mcp"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceProgrammaticToolCalling {
  type: "programmatic_tool_calling"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceShell {
  type: "shell"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceWebSearch {
  type: "web_search"
}

export interface LiveResponsesDelegationUpdateConfigToolChoiceWebSearchPreview {
  type: "web_search_preview"
}

export interface LiveResponsesDelegationUpdateConfigToolCodeInterpreter {
  type: "code_interpreter"
}

export interface LiveResponsesDelegationUpdateConfigToolComputer {
  type: "computer"
}

export interface LiveResponsesDelegationUpdateConfigToolCustom {
  type: "custom"
}

export interface LiveResponsesDelegationUpdateConfigToolFileSearch {
  type: "file_search"
}

export interface LiveResponsesDelegationUpdateConfigToolImageGeneration {
  type: "image_generation"
}

export interface LiveResponsesDelegationUpdateConfigToolMcp {
  type: "mcp"
  allowed_callers?: Array<"direct" | "programmatic"> | null
  allowed_tools?: Array<string> | LiveResponsesDelegationUpdateConfigToolMcpAllowedToolsLiveMCPToolFilterParam | null
  authorization?: string | null
  connector_id?: string | null
  defer_loading?: boolean | null
  headers?: Record<string, string> | null
  require_approval?: LiveResponsesDelegationUpdateConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParam | "always" | "never" | null
  server_description?: string | null
  server_label?: string | null
  server_url?: string | null
  tunnel_id?: string | null
}

export interface LiveResponsesDelegationUpdateConfigToolMcpAllowedToolsLiveMCPToolFilterParam {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface LiveResponsesDelegationUpdateConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParam {
  always?: LiveResponsesDelegationUpdateConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamAlways | null
  never?: LiveResponsesDelegationUpdateConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamNever | null
}

export interface LiveResponsesDelegationUpdateConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamAlways {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface LiveResponsesDelegationUpdateConfigToolMcpRequireApprovalLiveMCPRequireApprovalFilterParamNever {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface LiveResponsesDelegationUpdateConfigToolNamespace {
  type: "namespace"
}

export interface LiveResponsesDelegationUpdateConfigToolProgrammaticToolCalling {
  type: "programmatic_tool_calling"
}

export interface LiveResponsesDelegationUpdateConfigToolSearch {
  type: "tool_search"
}

export interface LiveResponsesDelegationUpdateConfigToolShell {
  type: "shell"
  environment?: LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAuto | LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerReference | LiveResponsesDelegationUpdateConfigToolShellEnvironmentLocal | null
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAuto {
  type: "container_auto"
  file_ids?: Array<string> | null
  memory_limit?: "1g" | "4g" | "16g" | "64g" | null
  network_policy?: LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoNetworkPolicyDisabled | LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoNetworkPolicyAllowlist | null
  skills?: Array<LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoSkillSkillReference | LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoSkillInline> | null
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoNetworkPolicyAllowlist {
  allowed_domains: Array<string>
  type: "allowlist"
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoNetworkPolicyDisabled {
  type: "disabled"
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoSkillInline {
  description: string
  name: string
  source: LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoSkillInlineSource
  type: "inline"
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoSkillInlineSource {
  data: string
  media_type: "application/zip"
  type: "base64"
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerAutoSkillSkillReference {
  skill_id: string
  type: "skill_reference"
  version?: string | null
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentContainerReference {
  container_id: string
  type: "container_reference"
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentLocal {
  type: "local"
  skills?: Array<LiveResponsesDelegationUpdateConfigToolShellEnvironmentLocalSkill> | null
}

export interface LiveResponsesDelegationUpdateConfigToolShellEnvironmentLocalSkill {
  description: string
  name: string
  path: string
}

export interface LiveResponsesDelegationUpdateConfigToolWebSearch {
  type: "web_search"
}

export interface LiveServerEventSelector {
  type: string
  response_event?: string | null
}

export interface LiveSessionCloseEvent {
  type: "session.close"
  event_id?: string | null
}

export interface LiveSessionClosedEvent {
  event_id: string
  reason: "close_requested" | "expired" | "content" | "remote_hangup" | "connection_lost"
  session: LiveSessionResource
  type: "session.closed"
  usage: LiveSessionUsage
  client_event_id?: string | null
}

export interface LiveSessionConfig {
  model: string
  audio?: LiveSessionConfigAudio | null
  client?: LiveClientConfig | null
  delegation?: LiveClientDelegation | LiveSessionConfigDelegationResponses | LiveSessionConfigDelegationDecisions | null
  input?: Array<LiveInitialItemDeveloper | LiveInitialItemUser | LiveInitialItemAssistant> | null
  instructions?: string | null
  safety_identifier?: string | null
  store?: boolean | null
  triggers?: Array<LiveDecisionTrigger> | null
}

export interface LiveSessionConfigAudio {
  format?: LiveAudioFormatAudioPCM | LiveAudioFormatAudioPCMU | LiveAudioFormatAudioPCMA | null
  output?: LiveSessionConfigAudioOutput | null
}

export interface LiveSessionConfigAudioOutput {
  voice?: string | LiveCustomVoice | null
}

export interface LiveSessionConfigDelegationDecisions {
  decisions: LiveDecisionsDelegationConfig
  type: "decisions"
  acknowledgement_delay_ms?: number | null
}

export interface LiveSessionConfigDelegationResponses {
  responses: LiveResponsesDelegationConfig
  type: "responses"
  acknowledgement_delay_ms?: number | null
}

export interface LiveSessionResource {
  id: string
  expires_at: number
  model: string
  status: "active"
  audio?: LiveSessionResourceAudio | null
  client?: LiveClientConfig | null
  delegation?: LiveClientDelegation | LiveSessionResourceDelegationResponses | LiveSessionResourceDelegationDecisions | null
  input?: Array<LiveInitialItemDeveloper | LiveInitialItemUser | LiveInitialItemAssistant> | null
  instructions?: string | null
  safety_identifier?: string | null
  store?: boolean | null
  triggers?: Array<LiveDecisionTrigger> | null
}

export interface LiveSessionResourceAudio {
  format?: LiveAudioFormatAudioPCM | LiveAudioFormatAudioPCMU | LiveAudioFormatAudioPCMA | null
  output?: LiveSessionResourceAudioOutput | null
}

export interface LiveSessionResourceAudioOutput {
  voice?: string | LiveCustomVoice | null
}

export interface LiveSessionResourceDelegationDecisions {
  decisions: LiveDecisionsDelegationConfig
  type: "decisions"
  acknowledgement_delay_ms?: number | null
}

export interface LiveSessionResourceDelegationResponses {
  responses: LiveResponsesDelegationConfig
  type: "responses"
  acknowledgement_delay_ms?: number | null
}

export interface LiveSessionStartEvent {
  session: LiveSessionConfig
  type: "session.start"
  event_id?: string | null
}

export interface LiveSessionStartedEvent {
  event_id: string
  session: LiveSessionResource
  type: "session.started"
  client_event_id?: string | null
}

export interface LiveSessionUpdateConfig {
  delegation?: LiveClientDelegation | LiveSessionUpdateConfigDelegationResponses | LiveSessionUpdateConfigDelegationDecisions | null
  triggers?: Array<LiveDecisionTrigger> | null
}

export interface LiveSessionUpdateConfigDelegationDecisions {
  type: "decisions"
  acknowledgement_delay_ms?: number | null
  decisions?: LiveDecisionsDelegationUpdateConfig | null
}

export interface LiveSessionUpdateConfigDelegationResponses {
  type: "responses"
  acknowledgement_delay_ms?: number | null
  responses?: LiveResponsesDelegationUpdateConfig | null
}

export interface LiveSessionUpdateEvent {
  session: LiveSessionUpdateConfig
  type: "session.update"
  event_id?: string | null
}

export interface LiveSessionUpdatedEvent {
  event_id: string
  session: LiveSessionResource
  type: "session.updated"
  client_event_id?: string | null
}

export interface LiveSessionUsage {
  seconds: number
  active_seconds?: number | null
  paused_seconds?: number | null
}

export interface LiveSessionUsageUpdatedEvent {
  event_id: string
  type: "session.usage.updated"
  usage: LiveSessionUsage
  client_event_id?: string | null
  context_window?: LiveSessionUsageUpdatedEventContextWindow | null
}

export interface LiveSessionUsageUpdatedEventContextWindow {
  usage_ratio: number
}

export interface LiveThinkingAppendEvent {
  content: string
  delegation_id?: string | null
  type: "session.thinking.append"
  event_id?: string | null
}

export interface LiveThinkingAppendedEvent {
  end_ms: number
  event_id: string
  start_ms: number
  type: "session.thinking.appended"
  client_event_id?: string | null
}

export interface LogProbProperties {
  token: string
  bytes: Array<number>
  logprob: number
}

export interface McpListToolsCompleted {
  event_id: string
  item_id: string
  type: "mcp_list_tools.completed"
}

export interface McpListToolsFailed {
  event_id: string
  item_id: string
  type: "mcp_list_tools.failed"
}

export interface McpListToolsInProgress {
  event_id: string
  item_id: string
  type: "mcp_list_tools.in_progress"
}

export interface OutputAudioBufferClearEvent {
  type: "output_audio_buffer.clear"
  event_id?: string | null
}

export interface RateLimitsUpdatedEvent {
  event_id: string
  rate_limits: Array<RateLimitsUpdatedEventRateLimit>
  type: "rate_limits.updated"
}

export interface RateLimitsUpdatedEventRateLimit {
  limit?: number | null
  name?: "requests" | "tokens" | null
  remaining?: number | null
  reset_seconds?: number | null
}

export interface RealtimeAudioConfig {
  input?: RealtimeAudioConfigInput | null
  output?: RealtimeAudioConfigOutput | null
}

export interface RealtimeAudioConfigInput {
  format?: RealtimeAudioFormatsAudioPCM | RealtimeAudioFormatsAudioPCMU | RealtimeAudioFormatsAudioPCMA | null
  noise_reduction?: RealtimeAudioConfigInputNoiseReduction | null
  transcription?: AudioTranscription | null
  turn_detection?: RealtimeAudioInputTurnDetectionServerVad | RealtimeAudioInputTurnDetectionSemanticVad | null
}

export interface RealtimeAudioConfigInputNoiseReduction {
  strength?: number | null
  type?: "near_field" | "far_field" | null
}

export interface RealtimeAudioConfigOutput {
  format?: RealtimeAudioFormatsAudioPCM | RealtimeAudioFormatsAudioPCMU | RealtimeAudioFormatsAudioPCMA | null
  speed?: number | null
  voice?: string | RealtimeAudioConfigOutputVoiceID | null
}

export interface RealtimeAudioConfigOutputVoiceID {
  id: string
}

export interface RealtimeAudioFormatsAudioPCM {
  rate?: 24000 | null
  type?: "audio/pcm" | null
}

export interface RealtimeAudioFormatsAudioPCMA {
  type?: "audio/pcma" | null
}

export interface RealtimeAudioFormatsAudioPCMU {
  type?: "audio/pcmu" | null
}

export interface RealtimeAudioInputTurnDetectionSemanticVad {
  type: "semantic_vad"
  create_response?: boolean | null
  eagerness?: "low" | "medium" | "high" | "auto" | null
  interrupt_response?: boolean | null
}

export interface RealtimeAudioInputTurnDetectionServerVad {
  type: "server_vad"
  create_response?: boolean | null
  idle_timeout_ms?: number | null
  interrupt_response?: boolean | null
  prefix_padding_ms?: number | null
  silence_duration_ms?: number | null
  threshold?: number | null
}

export interface RealtimeConversationItemAssistantMessage {
  content: Array<RealtimeConversationItemAssistantMessageContent>
  role: "assistant"
  type: "message"
  id?: string | null
  object?: "realtime.item" | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface RealtimeConversationItemAssistantMessageContent {
  audio?: string | null
  text?: string | null
  transcript?: string | null
  type?: "output_text" | "output_audio" | null
}

export interface RealtimeConversationItemFunctionCall {
  arguments: string
  name: string
  type: "function_call"
  id?: string | null
  call_id?: string | null
  object?: "realtime.item" | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface RealtimeConversationItemFunctionCallOutput {
  call_id: string
  output: string
  type: "function_call_output"
  id?: string | null
  object?: "realtime.item" | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface RealtimeConversationItemSystemMessage {
  content: Array<RealtimeConversationItemSystemMessageContent>
  role: "system"
  type: "message"
  id?: string | null
  object?: "realtime.item" | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface RealtimeConversationItemSystemMessageContent {
  text?: string | null
  type?: "input_text" | null
}

export interface RealtimeConversationItemUserMessage {
  content: Array<RealtimeConversationItemUserMessageContent>
  role: "user"
  type: "message"
  id?: string | null
  object?: "realtime.item" | null
  status?: "in_progress" | "completed" | "incomplete" | null
}

export interface RealtimeConversationItemUserMessageContent {
  audio?: string | null
  detail?: "auto" | "low" | "high" | null
  image_url?: string | null
  text?: string | null
  transcript?: string | null
  type?: "input_text" | "input_audio" | "input_image" | null
}

export interface RealtimeError {
  message: string
  type: string
  code?: string | null
  event_id?: string | null
  param?: string | null
}

export interface RealtimeErrorEvent {
  error: RealtimeError
  event_id: string
  type: "error"
}

export interface RealtimeFunctionTool {
  description?: string | null
  name?: string | null
  parameters?: unknown | null
  type?: "function" | null
}

export interface RealtimeMcpApprovalRequest {
  id: string
  arguments: string
  name: string
  server_label: string
  type: "mcp_approval_request"
}

export interface RealtimeMcpApprovalResponse {
  id: string
  approval_request_id: string
  approve: boolean
  type: "mcp_approval_response"
  reason?: string | null
}

export interface RealtimeMcpListTools {
  server_label: string
  tools: Array<RealtimeMcpListToolsTool>
  type: "mcp_list_tools"
  id?: string | null
}

export interface RealtimeMcpListToolsTool {
  input_schema: unknown
  name: string
  annotations?: unknown | null
  description?: string | null
}

export interface RealtimeMcpProtocolError {
  code: number
  message: string
  type: "protocol_error"
}

export interface RealtimeMcpToolCall {
  id: string
  arguments: string
  name: string
  server_label: string
  type: "mcp_call"
  approval_request_id?: string | null
  error?: RealtimeMcpProtocolError | RealtimeMcpToolExecutionError | RealtimeMcphttpError | null
  output?: string | null
}

export interface RealtimeMcpToolExecutionError {
  message: string
  type: "tool_execution_error"
}

export interface RealtimeMcphttpError {
  code: number
  message: string
  type: "http_error"
}

export interface RealtimeReasoning {
  effort?: "minimal" | "low" | "medium" | "high" | "xhigh" | null
}

export interface RealtimeResponse {
  id?: string | null
  audio?: RealtimeResponseAudio | null
  conversation_id?: string | null
  max_output_tokens?: number | "inf" | null
  metadata?: Record<string, string> | null
  object?: "realtime.response" | null
  output?: Array<RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest> | null
  output_modalities?: Array<"text" | "audio"> | null
  status?: "completed" | "cancelled" | "failed" | "incomplete" | "in_progress" | null
  status_details?: RealtimeResponseStatus | null
  usage?: RealtimeResponseUsage | null
}

export interface RealtimeResponseAudio {
  output?: RealtimeResponseAudioOutput | null
}

export interface RealtimeResponseAudioOutput {
  format?: RealtimeAudioFormatsAudioPCM | RealtimeAudioFormatsAudioPCMU | RealtimeAudioFormatsAudioPCMA | null
  voice?: string | null
}

export interface RealtimeResponseCreateAudioOutput {
  output?: RealtimeResponseCreateAudioOutputOutput | null
}

export interface RealtimeResponseCreateAudioOutputOutput {
  format?: RealtimeAudioFormatsAudioPCM | RealtimeAudioFormatsAudioPCMU | RealtimeAudioFormatsAudioPCMA | null
  voice?: string | RealtimeResponseCreateAudioOutputOutputVoiceID | null
}

export interface RealtimeResponseCreateAudioOutputOutputVoiceID {
  id: string
}

export interface RealtimeResponseCreateMcpTool {
  server_label: string
  type: "mcp"
  allowed_callers?: Array<"direct" | "programmatic"> | null
  allowed_tools?: Array<string> | RealtimeResponseCreateMcpToolAllowedToolsMcpToolFilter | null
  authorization?: string | null
  connector_id?: "connector_dropbox" | "connector_gmail" | "connector_googlecalendar" | "connector_googledrive" | "connector_microsoftteams" | "connector_outlookcalendar" | "connector_outlookemail" | "connector_sharepoint" | null
  defer_loading?: boolean | null
  headers?: Record<string, string> | null
  require_approval?: RealtimeResponseCreateMcpToolRequireApprovalMcpToolApprovalFilter | "always" | "never" | null
  server_description?: string | null
  server_url?: string | null
  tunnel_id?: string | null
}

export interface RealtimeResponseCreateMcpToolAllowedToolsMcpToolFilter {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface RealtimeResponseCreateMcpToolRequireApprovalMcpToolApprovalFilter {
  always?: RealtimeResponseCreateMcpToolRequireApprovalMcpToolApprovalFilterAlways | null
  never?: RealtimeResponseCreateMcpToolRequireApprovalMcpToolApprovalFilterNever | null
}

export interface RealtimeResponseCreateMcpToolRequireApprovalMcpToolApprovalFilterAlways {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface RealtimeResponseCreateMcpToolRequireApprovalMcpToolApprovalFilterNever {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface RealtimeResponseCreateParams {
  audio?: RealtimeResponseCreateAudioOutput | null
  conversation?: string | null
  input?: Array<RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest> | null
  instructions?: string | null
  max_output_tokens?: number | "inf" | null
  metadata?: Record<string, string> | null
  output_modalities?: Array<"text" | "audio"> | null
  parallel_tool_calls?: boolean | null
  prompt?: Foreign | null
  reasoning?: RealtimeReasoning | null
  tool_choice?: "none" | "auto" | "required" | Foreign | null
  tools?: Array<RealtimeFunctionTool | RealtimeResponseCreateMcpTool> | null
}

export interface RealtimeResponseStatus {
  error?: RealtimeResponseStatusError | null
  reason?: "turn_detected" | "client_cancelled" | "max_output_tokens" | "content_filter" | null
  type?: "completed" | "cancelled" | "incomplete" | "failed" | null
}

export interface RealtimeResponseStatusError {
  code?: string | null
  message?: string | null
  type?: string | null
}

export interface RealtimeResponseUsage {
  input_token_details?: RealtimeResponseUsageInputTokenDetails | null
  input_tokens?: number | null
  output_token_details?: RealtimeResponseUsageOutputTokenDetails | null
  output_tokens?: number | null
  total_tokens?: number | null
}

export interface RealtimeResponseUsageInputTokenDetails {
  audio_tokens?: number | null
  cached_tokens?: number | null
  cached_tokens_details?: RealtimeResponseUsageInputTokenDetailsCachedTokensDetails | null
  image_tokens?: number | null
  text_tokens?: number | null
}

export interface RealtimeResponseUsageInputTokenDetailsCachedTokensDetails {
  audio_tokens?: number | null
  image_tokens?: number | null
  text_tokens?: number | null
}

export interface RealtimeResponseUsageOutputTokenDetails {
  audio_tokens?: number | null
  text_tokens?: number | null
}

export interface RealtimeServerEventConversationItemRetrieved {
  event_id: string
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  type: "conversation.item.retrieved"
}

export interface RealtimeServerEventOutputAudioBufferCleared {
  event_id: string
  response_id: string
  type: "output_audio_buffer.cleared"
}

export interface RealtimeServerEventOutputAudioBufferStarted {
  event_id: string
  response_id: string
  type: "output_audio_buffer.started"
}

export interface RealtimeServerEventOutputAudioBufferStopped {
  event_id: string
  response_id: string
  type: "output_audio_buffer.stopped"
}

export interface RealtimeSessionCreateRequest {
  type: "realtime"
  audio?: RealtimeAudioConfig | null
  include?: Array<"item.input_audio_transcription.logprobs"> | null
  instructions?: string | null
  max_output_tokens?: number | "inf" | null
  model?: string | null
  output_modalities?: Array<"text" | "audio"> | null
  parallel_tool_calls?: boolean | null
  prompt?: Foreign | null
  reasoning?: RealtimeReasoning | null
  tool_choice?: "none" | "auto" | "required" | Foreign | null
  tools?: Array<RealtimeFunctionTool | RealtimeToolsConfigUnionMcp> | null
  tracing?: "auto" | RealtimeTracingConfigTracingConfiguration | null
  truncation?: "auto" | "disabled" | RealtimeTruncationRetentionRatio | null
}

export interface RealtimeToolsConfigUnionMcp {
  server_label: string
  type: "mcp"
  allowed_callers?: Array<"direct" | "programmatic"> | null
  allowed_tools?: Array<string> | RealtimeToolsConfigUnionMcpAllowedToolsMcpToolFilter | null
  authorization?: string | null
  connector_id?: "connector_dropbox" | "connector_gmail" | "connector_googlecalendar" | "connector_googledrive" | "connector_microsoftteams" | "connector_outlookcalendar" | "connector_outlookemail" | "connector_sharepoint" | null
  defer_loading?: boolean | null
  headers?: Record<string, string> | null
  require_approval?: RealtimeToolsConfigUnionMcpRequireApprovalMcpToolApprovalFilter | "always" | "never" | null
  server_description?: string | null
  server_url?: string | null
  tunnel_id?: string | null
}

export interface RealtimeToolsConfigUnionMcpAllowedToolsMcpToolFilter {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface RealtimeToolsConfigUnionMcpRequireApprovalMcpToolApprovalFilter {
  always?: RealtimeToolsConfigUnionMcpRequireApprovalMcpToolApprovalFilterAlways | null
  never?: RealtimeToolsConfigUnionMcpRequireApprovalMcpToolApprovalFilterNever | null
}

export interface RealtimeToolsConfigUnionMcpRequireApprovalMcpToolApprovalFilterAlways {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface RealtimeToolsConfigUnionMcpRequireApprovalMcpToolApprovalFilterNever {
  read_only?: boolean | null
  tool_names?: Array<string> | null
}

export interface RealtimeTracingConfigTracingConfiguration {
  group_id?: string | null
  metadata?: unknown | null
  workflow_name?: string | null
}

export interface RealtimeTranscriptionSessionAudio {
  input?: RealtimeTranscriptionSessionAudioInput | null
}

export interface RealtimeTranscriptionSessionAudioInput {
  format?: RealtimeAudioFormatsAudioPCM | RealtimeAudioFormatsAudioPCMU | RealtimeAudioFormatsAudioPCMA | null
  noise_reduction?: RealtimeTranscriptionSessionAudioInputNoiseReduction | null
  transcription?: AudioTranscription | null
  turn_detection?: RealtimeTranscriptionSessionAudioInputTurnDetectionServerVad | RealtimeTranscriptionSessionAudioInputTurnDetectionSemanticVad | null
}

export interface RealtimeTranscriptionSessionAudioInputNoiseReduction {
  strength?: number | null
  type?: "near_field" | "far_field" | null
}

export interface RealtimeTranscriptionSessionAudioInputTurnDetectionSemanticVad {
  type: "semantic_vad"
  create_response?: boolean | null
  eagerness?: "low" | "medium" | "high" | "auto" | null
  interrupt_response?: boolean | null
}

export interface RealtimeTranscriptionSessionAudioInputTurnDetectionServerVad {
  type: "server_vad"
  create_response?: boolean | null
  idle_timeout_ms?: number | null
  interrupt_response?: boolean | null
  prefix_padding_ms?: number | null
  silence_duration_ms?: number | null
  threshold?: number | null
}

export interface RealtimeTranscriptionSessionCreateRequest {
  type: "transcription"
  audio?: RealtimeTranscriptionSessionAudio | null
  include?: Array<"item.input_audio_transcription.logprobs"> | null
}

export interface RealtimeTranslationInputAudioBufferAppendEvent {
  audio: string
  type: "session.input_audio_buffer.append"
  event_id?: string | null
}

export interface RealtimeTranslationInputTranscriptDeltaEvent {
  delta: string
  event_id: string
  type: "session.input_transcript.delta"
  elapsed_ms?: number | null
}

export interface RealtimeTranslationOutputAudioDeltaEvent {
  delta: string
  event_id: string
  type: "session.output_audio.delta"
  channels?: number | null
  elapsed_ms?: number | null
  format?: "pcm16" | null
  sample_rate?: number | null
}

export interface RealtimeTranslationOutputTranscriptDeltaEvent {
  delta: string
  event_id: string
  type: "session.output_transcript.delta"
  elapsed_ms?: number | null
}

export interface RealtimeTranslationSession {
  id: string
  audio: RealtimeTranslationSessionAudio
  expires_at: number
  model: string
  type: "translation"
}

export interface RealtimeTranslationSessionAudio {
  input?: RealtimeTranslationSessionAudioInput | null
  output?: RealtimeTranslationSessionAudioOutput | null
}

export interface RealtimeTranslationSessionAudioInput {
  noise_reduction?: RealtimeTranslationSessionAudioInputNoiseReduction | null
  transcription?: RealtimeTranslationSessionAudioInputTranscription | null
}

export interface RealtimeTranslationSessionAudioInputNoiseReduction {
  type: "near_field" | "far_field"
  strength?: number | null
}

export interface RealtimeTranslationSessionAudioInputTranscription {
  model: string
}

export interface RealtimeTranslationSessionAudioOutput {
  language?: string | null
}

export interface RealtimeTranslationSessionCloseEvent {
  type: "session.close"
  event_id?: string | null
}

export interface RealtimeTranslationSessionClosedEvent {
  event_id: string
  type: "session.closed"
}

export interface RealtimeTranslationSessionCreatedEvent {
  event_id: string
  session: RealtimeTranslationSession
  type: "session.created"
}

export interface RealtimeTranslationSessionUpdateEvent {
  session: RealtimeTranslationSessionUpdateRequest
  type: "session.update"
  event_id?: string | null
}

export interface RealtimeTranslationSessionUpdateRequest {
  audio?: RealtimeTranslationSessionUpdateRequestAudio | null
}

export interface RealtimeTranslationSessionUpdateRequestAudio {
  input?: RealtimeTranslationSessionUpdateRequestAudioInput | null
  output?: RealtimeTranslationSessionUpdateRequestAudioOutput | null
}

export interface RealtimeTranslationSessionUpdateRequestAudioInput {
  noise_reduction?: RealtimeTranslationSessionUpdateRequestAudioInputNoiseReduction | null
  transcription?: RealtimeTranslationSessionUpdateRequestAudioInputTranscription | null
}

export interface RealtimeTranslationSessionUpdateRequestAudioInputNoiseReduction {
  type: "near_field" | "far_field"
  strength?: number | null
}

export interface RealtimeTranslationSessionUpdateRequestAudioInputTranscription {
  model: string
}

export interface RealtimeTranslationSessionUpdateRequestAudioOutput {
  language?: string | null
}

export interface RealtimeTranslationSessionUpdatedEvent {
  event_id: string
  session: RealtimeTranslationSession
  type: "session.updated"
}

export interface RealtimeTruncationRetentionRatio {
  retention_ratio: number
  type: "retention_ratio"
  token_limits?: RealtimeTruncationRetentionRatioTokenLimits | null
}

export interface RealtimeTruncationRetentionRatioTokenLimits {
  post_instructions?: number | null
}

export interface ResponseAudioDeltaEvent {
  content_index: number
  delta: string
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.output_audio.delta"
}

export interface ResponseAudioDoneEvent {
  content_index: number
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.output_audio.done"
}

export interface ResponseAudioTranscriptDeltaEvent {
  content_index: number
  delta: string
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.output_audio_transcript.delta"
}

export interface ResponseAudioTranscriptDoneEvent {
  content_index: number
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  transcript: string
  type: "response.output_audio_transcript.done"
}

export interface ResponseCancelEvent {
  type: "response.cancel"
  event_id?: string | null
  response_id?: string | null
}

export interface ResponseContentPartAddedEvent {
  content_index: number
  event_id: string
  item_id: string
  output_index: number
  part: ResponseContentPartAddedEventPart
  response_id: string
  type: "response.content_part.added"
}

export interface ResponseContentPartAddedEventPart {
  audio?: string | null
  text?: string | null
  transcript?: string | null
  type?: "text" | "audio" | null
}

export interface ResponseContentPartDoneEvent {
  content_index: number
  event_id: string
  item_id: string
  output_index: number
  part: ResponseContentPartDoneEventPart
  response_id: string
  type: "response.content_part.done"
}

export interface ResponseContentPartDoneEventPart {
  audio?: string | null
  text?: string | null
  transcript?: string | null
  type?: "text" | "audio" | null
}

export interface ResponseCreateEvent {
  type: "response.create"
  event_id?: string | null
  response?: RealtimeResponseCreateParams | null
}

export interface ResponseCreatedEvent {
  event_id: string
  response: RealtimeResponse
  type: "response.created"
}

export interface ResponseDoneEvent {
  event_id: string
  response: RealtimeResponse
  type: "response.done"
}

export interface ResponseFunctionCallArgumentsDeltaEvent {
  call_id: string
  delta: string
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.function_call_arguments.delta"
}

export interface ResponseFunctionCallArgumentsDoneEvent {
  arguments: string
  call_id: string
  event_id: string
  item_id: string
  name: string
  output_index: number
  response_id: string
  type: "response.function_call_arguments.done"
}

export interface ResponseMcpCallArgumentsDelta {
  delta: string
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.mcp_call_arguments.delta"
  obfuscation?: string | null
}

export interface ResponseMcpCallArgumentsDone {
  arguments: string
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.mcp_call_arguments.done"
}

export interface ResponseMcpCallCompleted {
  event_id: string
  item_id: string
  output_index: number
  type: "response.mcp_call.completed"
}

export interface ResponseMcpCallFailed {
  event_id: string
  item_id: string
  output_index: number
  type: "response.mcp_call.failed"
}

export interface ResponseMcpCallInProgress {
  event_id: string
  item_id: string
  output_index: number
  type: "response.mcp_call.in_progress"
}

export interface ResponseOutputItemAddedEvent {
  event_id: string
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  output_index: number
  response_id: string
  type: "response.output_item.added"
}

export interface ResponseOutputItemDoneEvent {
  event_id: string
  item: RealtimeConversationItemSystemMessage | RealtimeConversationItemUserMessage | RealtimeConversationItemAssistantMessage | RealtimeConversationItemFunctionCall | RealtimeConversationItemFunctionCallOutput | RealtimeMcpApprovalResponse | RealtimeMcpListTools | RealtimeMcpToolCall | RealtimeMcpApprovalRequest
  output_index: number
  response_id: string
  type: "response.output_item.done"
}

export interface ResponseTextDeltaEvent {
  content_index: number
  delta: string
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  type: "response.output_text.delta"
}

export interface ResponseTextDoneEvent {
  content_index: number
  event_id: string
  item_id: string
  output_index: number
  response_id: string
  text: string
  type: "response.output_text.done"
}

export interface SessionCreatedEvent {
  event_id: string
  session: RealtimeSessionCreateRequest | RealtimeTranscriptionSessionCreateRequest
  type: "session.created"
}

export interface SessionUpdateEvent {
  session: RealtimeSessionCreateRequest | RealtimeTranscriptionSessionCreateRequest
  type: "session.update"
  event_id?: string | null
}

export interface SessionUpdatedEvent {
  event_id: string
  session: RealtimeSessionCreateRequest | RealtimeTranscriptionSessionCreateRequest
  type: "session.updated"
}

export interface TranscriptionLanguage {
  code: string
}
