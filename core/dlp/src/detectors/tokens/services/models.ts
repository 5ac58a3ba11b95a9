/** Models, speech, search for agents, vectors. Rows: see `parseServices`. */
export const models = String.raw`
ai21 | AI21 | ai21 | {alnum:32}
aleph_alpha | Aleph Alpha | aleph alpha | {dotted:60-400}
anthropic | Anthropic | anthropic,claude | sk-ant-{word:80-110}
anyscale | Anyscale | anyscale | esecret_{lownum:26}
assemblyai | AssemblyAI | assemblyai,assembly ai | {hex:32}
azure_openai | Azure OpenAI | azure openai,openai.azure.com | {hex:32} {alnum:84}
baichuan | Baichuan | baichuan | sk-{hex:32}
baidu | Baidu | baidu,qianfan,ernie | {alnum:24} {alnum:32} bce-v3/ALTAK-{alnum:21}/{hex:40}
bannerbear | Bannerbear | | {alnum:22}tt {alnum:24} bb_pr_{hex:30} bb_ma_{hex:30}
baseten | Baseten | baseten | {alnum:8}.{alnum:32}
bland | Bland AI | bland_ai,bland.ai | org_{hex:80-90} sk-{word:60-80}
braintrust | Braintrust | braintrust | sk-{alnum:48}
brave | Brave Search | brave search,brave api,brave_ | BSA{word:28}
browserbase | Browserbase | browserbase | bb_live_{word:27}
browserless | Browserless | browserless | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:30-50}
cerebras | Cerebras | cerebras | csk-{lownum:48}
clarifai | Clarifai | | {hex:32} {lownum:32}
cohere | Cohere | cohere,co_api | {alnum:40}
copyleaks | Copyleaks | copyleaks | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
dashscope | DashScope | dashscope,qwen,bailian | sk-{hex:32}
deepai | DeepAI | deepai | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
deepgram | Deepgram | | {hex:40}
deepinfra | DeepInfra | deepinfra | {alnum:32}
deepl | DeepL | deepl | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:fx {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
deepseek | DeepSeek | deepseek | sk-{hex:32}
did | D-ID | d-id_,did_api | {b64p:20-50}:{word:21}
edenai | Eden AI | edenai,eden ai | {lownum:36} {dotted:100-400}
elevenlabs | ElevenLabs | elevenlabs,eleven labs,xi-api,xi_api | {hex:32} sk_{hex:48}
exa | Exa | exa_,exa api,exa ai,exa.ai | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
fal | fal.ai | fal_key,fal key,fal.ai,fal ai | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:{hex:32}
firecrawl | Firecrawl | firecrawl | fc-{hex:32}
fireworks | Fireworks AI | fireworks_,fireworks ai | fw_{alnum:22-24}
friendli | Friendli | friendli | flp_{alnum:46}
gladia | Gladia | gladia | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
groq | Groq | | gsk_{alnum:52}
heygen | HeyGen | heygen | {b64p:60-72}
huggingface | Hugging Face | huggingface,hugging face,hf_token | hf_{alpha:34}
hyperbolic | Hyperbolic | hyperbolic_,hyperbolic ai | {dotted:150-300}
iflytek | iFlytek Spark | iflytek,xfyun | {hex:32} {b64:32}
inflection | Inflection AI | inflection | {alnum:43}
jina | Jina AI | jina | jina_{hex:32}{word:28}
lambda_labs | Lambda Labs | lambda labs,lambda_cloud,lambdalabs | secret_{ident:50-80}.{alnum:32}
langfuse | Langfuse | langfuse | sk-lf-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
langsmith | LangSmith | langsmith,langchain | lsv2_{ident:44-48} ls__{hex:32}
lepton | Lepton AI | lepton | {alnum:32}
livekit | LiveKit | livekit | API{alnum:12} {alnum:43-44}
llamaparse | LlamaCloud | llama cloud,llamaparse,llama_parse | llx-{alnum:48}
lumaai | Luma AI | luma_api,lumaai,luma ai | luma-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
mem0 | Mem0 | mem0 | m0-{alnum:40}
minimax | MiniMax | minimax | {dotted:400-1200}
mistral | Mistral AI | mistral | {alnum:32}
modal_labs | Modal | modal_token | as-{alnum:22}
monkeylearn | MonkeyLearn | | {hex:40} {lownum:40}
moonshot | Moonshot AI | moonshot,kimi_ | sk-{alnum:48}
murf | Murf | murf_ | ap2_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
nebius | Nebius | nebius | {dotted:200-900}
neptune | Neptune | neptune_api,neptune.ai | {b64p:100-400}
nlpcloud | NLP Cloud | nlpcloud,nlp cloud | {hex:40}
novita | Novita AI | novita | sk_{word:43}
octoai | OctoAI | octoai | {dotted:300-900}
openai | OpenAI | openai,open ai,chatgpt | sk-{word:48-180} {hex:32}
openrouter | OpenRouter | openrouter | sk-or-v1-{hex:64}
perplexity | Perplexity | perplexity,pplx | pplx-{alnum:48}
pinecone | Pinecone | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} pcsk_{word:60-80}
playht | PlayHT | play.ht,playht | {hex:32}
qdrant | Qdrant | qdrant | {word:54} {dotted:60-300}
reka | Reka | reka_ | {hex:64}
replicate | Replicate | replicate | r8_{alnum:37}
resemble | Resemble AI | resemble_,resemble ai | {alnum:22}tt
retell | Retell | retell | key_{hex:28}
roboflow | Roboflow | roboflow | {alnum:20}
runpod | RunPod | runpod | {upnum:40} rpa_{alnum:40-50}
runway | Runway | runwayml | key_{hex:128}
saladcloud | SaladCloud | saladcloud,salad cloud | salad_cloud_{alnum:1-30}_{alnum:36}
sambanova | SambaNova | sambanova | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
siliconflow | SiliconFlow | siliconflow | sk-{lower:48}
soniox | Soniox | soniox | {hex:64}
speechmatics | Speechmatics | speechmatics | {alnum:32}
speechtextai | SpeechText.AI | speechtextai,speechtext | {hex:32}
stability | Stability AI | stability | sk-{alnum:48}
stepfun | StepFun | stepfun | {alnum:56-64}
synthesia | Synthesia | synthesia | {hex:32}
tencent_hunyuan | Tencent Cloud | tencent,hunyuan,qcloud | {alnum:32} AKID{word:32}
together | Together AI | together ai,togetherai,together.xyz,together_ | {hex:64}
uclassify | uClassify | | {alnum:12}
unstructured | Unstructured | unstructured_ | {alnum:30}
vapi | Vapi | vapi_,vapi.ai | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
vast_ai | Vast.ai | vast.ai,vastai | {hex:64}
voicegain | Voicegain | | {dotted:100-400}
volcengine | Volcengine | volcengine,volc_,byteplus | {b64p:60} AKLT{word:43}
voyage | Voyage AI | voyage_,voyageai,voyage ai | pa-{word:43}
wandb | Weights & Biases | wandb,weightsandbiases,weights and biases | {hex:40} {alnum:40}
weaviate | Weaviate | weaviate | {alnum:36} {b64p:40-100}
wit | Wit.ai | wit.ai,witai,wit_,wit token | {upnum:32}
writer | Writer | writer_api,writer.com | {word:60-90}
xai | xAI | xai_,x.ai,grok | xai-{alnum:80}
zep | Zep | zep_api,getzep | z_{dotted:100-300}
zhipu | Zhipu AI | zhipu,bigmodel,glm_api,chatglm | {hex:32}.{alnum:16}
`;
