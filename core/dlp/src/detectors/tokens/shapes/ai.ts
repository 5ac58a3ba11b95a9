/** Models and what serves them. Rows: see `parseTokens`. */
export const models = String.raw`
openai.api_key | OpenAI API key (legacy) | sk-{alnum:20}T3BlbkFJ{alnum:20} sk-{alnum:48}
openai.project_key | OpenAI project or service account key | sk-proj-{word:20-80}T3BlbkFJ{word:20-80} sk-svcacct-{word:20-80}T3BlbkFJ{word:20-80} sk-None-{word:20-80}T3BlbkFJ{word:20-80} sk-service-{word:20-80}T3BlbkFJ{word:20-80} sk-proj-{word:100-200} sk-svcacct-{word:100-200}
openai.admin_key | OpenAI admin key | sk-admin-{word:20-80}T3BlbkFJ{word:20-80} sk-admin-{word:100-200}
openai.session | OpenAI session token | sess-{alnum:40}
anthropic.api_key | Anthropic API key | sk-ant-api03-{word:93}AA
anthropic.admin_key | Anthropic admin, OAuth or session key | sk-ant-admin01-{word:93}AA sk-ant-oat01-{word:80-110} sk-ant-ort01-{word:80-110} sk-ant-sid01-{word:80-130} sk-ant-sid02-{word:80-130}
huggingface.token | Hugging Face user token | hf_{alpha:34}
huggingface.org_token | Hugging Face organisation token | api_org_{alpha:34} hf_oauth_{word:30-600}
replicate.token | Replicate API token | r8_{alnum:37}
groq.api_key | Groq API key | gsk_{alnum:52}
xai.api_key | xAI API key | xai-{alnum:80} xai-token-{alnum:60-80}
perplexity.api_key | Perplexity API key | pplx-{alnum:48} pplx-{hex:48}
tavily.api_key | Tavily API key | tvly-{alnum:32} tvly-dev-{alnum:32} tvly-prod-{alnum:32} tvly-{word:32-64}
fireworks.api_key | Fireworks AI API key | fw_{alnum:22-24} fpk_{alnum:40}
together.api_key | Together AI API key | tgp_v1_{word:43}
openrouter.api_key | OpenRouter API key | sk-or-v1-{hex:64}
deepseek.api_key | DeepSeek, Moonshot or DashScope API key | sk-{hex:32}
nvidia.api_key | NVIDIA API key | nvapi-{word:60-70}
cerebras.api_key | Cerebras API key | csk-{lownum:48}
anyscale.api_key | Anyscale API key | esecret_{lownum:26}
langsmith.api_key | LangSmith API key | lsv2_pt_{hex:32}_{hex:10} lsv2_sk_{hex:32}_{hex:10} ls__{hex:32}
langfuse.secret_key | Langfuse secret key | sk-lf-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
langfuse.public_key | Langfuse public key | ? pk-lf-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
llama_cloud.api_key | LlamaCloud API key | llx-{alnum:48}
pinecone.api_key | Pinecone API key | pcsk_{alnum:5-6}_{alnum:60-70} pckey_{alnum:10-90}
chroma.api_key | Chroma Cloud API key | ck-{b58:43-50}
wandb.api_key | Weights & Biases API key | wandb_v1_{word:40-120}
braintrust.api_key | Braintrust API key | sk-bt-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} bt-st-{alnum:48}
helicone.api_key | Helicone API key | sk-helicone-{lownum:7}-{lownum:7}-{lownum:7}-{lownum:7} pk-helicone-{lownum:7}-{lownum:7}-{lownum:7}-{lownum:7}
elevenlabs.api_key | ElevenLabs API key | sk_{hex:48}
jina.api_key | Jina AI API key | jina_{hex:32}{word:28}
voyage.api_key | Voyage AI API key | pa-{word:43}
runpod.api_key | Runpod API key | rpa_{upnum:40}{lownum:6} rpa_{alnum:40-50}
modal.token | Modal token | ak-{alnum:22} as-{alnum:22}
firecrawl.api_key | Firecrawl API key | fc-{hex:32}
e2b.api_key | E2B API key | e2b_{hex:40}
browserbase.api_key | Browserbase API key | bb_live_{word:27} bb_test_{word:27}
mem0.api_key | Mem0 API key | m0-{alnum:40}
friendli.token | Friendli token | flp_{alnum:46}
cartesia.api_key | Cartesia or Retell API key | sk_car_{alnum:21-40} key_{hex:28}
roboflow.api_key | Roboflow publishable key | rf_{alnum:20-40}
context7.key | Context7 API key | ctx7sk-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
copilot.token | GitHub Copilot token | tid={hex:32};exp={digit:10}
cursor.api_key | Cursor API key | key_{hex:64} crsr_{hex:64}
dify.api_key | Dify API key | app-{alnum:24} dataset-{alnum:24}
coze.token | Coze personal access token | pat_{alnum:64}
siliconflow.api_key | SiliconFlow API key | sk-{lower:48}
nomic.api_key | Nomic API key | nk-{word:43}
`;
