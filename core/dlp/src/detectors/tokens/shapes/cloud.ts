/** Clouds, hosting, networks, storage, databases, observability. Rows: see `parseTokens`. */
export const clouds = String.raw`
aws.access_key_id | AWS access key id | AKIA{upnum:16} ASIA{upnum:16} ABIA{upnum:16} ACCA{upnum:16} A3T{upnum:17}
aws.session_token | AWS session token | IQoJb3JpZ2luX2{b64:100-2000} FwoGZXIvYXdz{b64:100-2000} FQoGZXIvYXdz{b64:100-2000}
aws.bedrock_key | Amazon Bedrock API key | ABSKQmVkcm9ja0FQSUtleS{b64p:60-130} bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{b64p:20-2000}
aws.mws_token | Amazon Marketplace Web Service token | amzn.mws.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
aws.oauth_secret | Login with Amazon client secret | amzn1.oa2-cs.v1.{hex:64}
aws.oauth_client | Login with Amazon client id | amzn1.application-oa2-client.{hex:32}
aws.presigned_url | AWS signature in a presigned URL | X-Amz-Signature={hex:64}
aws.presigned_token | AWS session token in a presigned URL | X-Amz-Security-Token={url:100-2000}
aws.appsync_key | AWS AppSync API key | ? da2-{lownum:26}
gcp.api_key | Google API key | AIza{word:35}
gcp.oauth_secret | Google OAuth client secret | GOCSPX-{word:28}
gcp.oauth_client | Google OAuth client id | ? {digit:8-14}-{lownum:32}.apps.googleusercontent.com {digit:8-14}.apps.googleusercontent.com
gcp.access_token | Google OAuth access token | ya29.{word:20-600} ya29.{dotted:40-1200}
gcp.refresh_token | Google OAuth refresh token | 1//0{word:40-140}
gcp.storage_key | Google Cloud Storage HMAC access id | GOOG1E{upnum:55} GOOG{upnum:20} GOOG1{upnum:20-60}
gcp.fcm_key | Firebase Cloud Messaging server key | AAAA{word:7}:APA91b{word:134}
gcp.bound_key | Google AI Studio bound key | AQ.Ab8{word:47}
azure.storage_key | Azure Storage account key | AccountKey={b64:86}==
azure.shared_access_key | Azure Service Bus, Event Hubs or IoT Hub access key | SharedAccessKey={b64:43}= SharedAccessKey={b64:42}==
azure.sas_signature | Azure shared access signature | ? sig={url:43-100}
azure.app_secret | Microsoft Entra client secret | {dotted:3}8Q~{tilde:31-34} {dotted:3}7Q~{tilde:31-34}
azure.key_storage | Azure Storage or Batch key with its checksum | {b64:76}+ASt{b64:6}== {b64:76}+ABa{b64:6}== {b64:76}ACDb{b64:6}==
azure.key_function | Azure Functions key | {word:44}AzFu{word:6}==
azure.key_search | Azure AI Search admin or query key | {alnum:42}AzSe{alnum:6}
azure.key_registry | Azure Container Registry password | {b64:42}+ACR{b64:6}
azure.key_cognitive | Azure AI services key | {alnum:52}JQQJ99{alnum:22} {alnum:52}AAAAAC{alnum:26}
azure.key_cache | Azure Cache for Redis key | {b64:33}AzCa{b64:5}=
azure.key_events | Azure Event Hubs, Service Bus or Relay key | {b64:33}+AEh{b64:5}= {b64:33}+ASb{b64:5}= {b64:33}+ARm{b64:5}=
azure.key_iot | Azure IoT key | {b64:33}AIoT{b64:5}=
azure.app_config | Azure App Configuration connection string | .azconfig.io;Id={word:4}-{lownum:2}-{lownum:2}:{b64:20};Secret={b64:43}= .azconfig.io;Id={url:5-60};Secret={b64:43}=
azure.logic_app_url | Azure Logic Apps trigger URL | .logic.azure.com:443/workflows/{hex:32}/triggers/{url:10-160}sig={url:40-60} .logic.azure.com/workflows/{hex:32}/triggers/{url:10-160}sig={url:40-60}
azure.function_url | Azure Functions URL with a key | .azurewebsites.net/api/{url:1-60}?code={url:40-90}
alibaba.access_key | Alibaba Cloud AccessKey id | LTAI{alnum:12} LTAI{alnum:16} LTAI{alnum:17-20} STS.{alnum:25-30}
tencent.secret_id | Tencent Cloud SecretId | AKID{word:32}
volcengine.access_key | Volcengine access key id | AKLT{word:43-80}
ibm.cos_hmac | IBM Cloud Object Storage service id | ServiceId-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
yandex.api_key | Yandex Cloud API key | AQVN{word:35-38}
yandex.access_key | Yandex Cloud static access key | YCAJE{word:20} YCA{word:22}
yandex.secret_key | Yandex Cloud static secret key or OAuth token | YCM{word:37} y0_AgAAAA{word:40-60} y0__{word:50-60}
yandex.iam_token | Yandex Cloud IAM token | t1.{word:8-400}.{word:86}
yandex.passport | Yandex dictionary or translate key | trnsl.1.1.{digit:8}T{digit:6}Z.{hex:16}.{hex:40} dict.1.1.{digit:8}T{digit:6}Z.{hex:16}.{hex:40}
digitalocean.personal_token | DigitalOcean personal access token | dop_v1_{hex:64}
digitalocean.oauth_token | DigitalOcean OAuth token | doo_v1_{hex:64}
digitalocean.refresh_token | DigitalOcean refresh token | dor_v1_{hex:64}
digitalocean.model_key | DigitalOcean model access key | sk-do-{word:40-80} dosk_{alnum:30-60}
scaleway.access_key | Scaleway access key | SCW{upnum:17}
hetzner.token | Hetzner storage box or cloud token | ? HCLOUD_TOKEN={alnum:64}
akamai.client_token | Akamai client token | akab-{lownum:16}-{lownum:16}
upcloud.token | UpCloud API token | ucat_{upnum:26}
exoscale.api_key | Exoscale API key | EXO{hex:24} EXO{xhex:26}
heroku.platform_key | Heroku platform token | HRKU-{word:58-60} HRKU-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} HRKU-AA{word:56-60}
fly.access_token | Fly.io access token | FlyV1_{b64p:100-2000} fm1r_{b64p:80-1000} fm1a_{b64p:80-1000} fm2_{b64p:80-1000} fo1_{word:43}
render.api_key | Render API key | rnd_{alnum:28-40}
vercel.token | Vercel access token | vcp_{alnum:50-70} vck_{alnum:50-70} vca_{alnum:50-70} vci_{alnum:50-70} vcr_{alnum:50-70} vercel_blob_rw_{alnum:16}_{alnum:30}
supabase.service_key | Supabase secret or personal token | sbp_{hex:40} sbp_oauth_{hex:40} sb_secret_{word:31} sb_secret_{word:22}_{word:8} sbp_v0_{hex:40}
planetscale.password | PlanetScale database password | pscale_pw_{loose:32-64}
planetscale.service_token | PlanetScale service or OAuth token | pscale_tkn_{loose:32-64} pscale_oauth_{loose:32-64}
neon.api_key | Neon API key or role password | napi_{lownum:64} npg_{alnum:12-16}
turso.token | Turso platform token | ? libsql://{host:5-80}.turso.io?authToken={dotted:60-600}
xata.api_key | Xata API key | xau_{alnum:32-50}
upstash.token | Upstash QStash URL token | qstash_{alnum:30-90}
astra.token | DataStax Astra DB application token | AstraCS:{alnum:24}:{hex:64}
mongodb.service_secret | MongoDB Atlas service account secret | mdb_sa_sk_{word:40}
clickhouse.secret | ClickHouse Cloud key secret | 4b1d{alnum:38}
cockroach.service_key | CockroachDB Cloud service account key | CCDB1_{alnum:22}_{alnum:40}
aiven.password | Aiven service password | AVNS_{word:19}
confluent.secret | Confluent Cloud API secret | cflt{b64:60}
tinybird.token | Tinybird token | p.eyJ{word:40-200}.{word:43}
cloudflare.origin_ca | Cloudflare Origin CA key | v1.0-{hex:24}-{hex:146}
cloudflare.token | Cloudflare API token (with checksum) | cfut_{alnum:40-60} cfat_{alnum:40-60} cfk_{alnum:37-60}
tailscale.api_key | Tailscale API, auth or OAuth key | tskey-api-{alnum:6-20}-{alnum:20-40} tskey-auth-{alnum:6-20}-{alnum:20-40} tskey-client-{alnum:6-20}-{alnum:20-40} tskey-scim-{alnum:6-20}-{alnum:20-40} tskey-webhook-{alnum:6-20}-{alnum:20-40} tskey-{lower:3-12}-{alnum:6-20} tskey-{hex:10-40}
ngrok.api_key | ngrok API key or authtoken | ak_2{alnum:26} cr_2{alnum:26}
duckdns.token | Duck DNS update URL | duckdns.org/update?domains={url:2-60}token={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
databricks.token | Databricks personal access token | dapi{hex:32} dapi{hex:32}-{digit:1} dose{hex:32} dkea{hex:32} dsapi{hex:32}
snowflake.token | Snowflake session or PAT | ver:1-hint:{digit:3-20}-ETMsDgAAA{b64p:100-400}
grafana.service_token | Grafana service account token | glsa_{alnum:32}_{xhex:8}
grafana.cloud_token | Grafana Cloud access policy token | glc_eyJ{b64p:29-400} glc_{b64p:32-400}
grafana.api_key | Grafana API key (legacy) | eyJrIjoi{b64p:60-400}
newrelic.user_key | New Relic user API key | NRAK-{upnum:27}
newrelic.license_key | New Relic licence key | {hex:36}NRAL {lownum:36}NRAL {alnum:36}NRAL eu01xx{hex:30}NRAL
newrelic.insert_key | New Relic Insights insert key | NRII-{word:32} NRIQ-{word:32}
newrelic.query_key | New Relic Insights query, REST or admin key | NRIQ-{word:25-40} NRRA-{hex:42} NRAA-{hex:27} NRSP-{lownum:4}{hex:20-33} NRAK-{lownum:27}
newrelic.browser_key | New Relic browser or synthetics key | NRJS-{hex:19} NRBR-{hex:20} NRSL-{hex:20-40}
newrelic.mobile_token | New Relic mobile app token | AA{hex:40}-NRMA {xhex:42}-NRMA
datadog.client_token | Datadog client token | ? pub{hex:32}
datadog.app_key | Datadog application or personal key | ddapp_{alnum:34} ddpat_{alnum:20-80} ddoauth_{alnum:20-80}
dynatrace.token | Dynatrace API token | dt0c01.{upnum:24}.{upnum:64} dt0s01.{upnum:8}.{upnum:64} dt0s02.{upnum:8}.{upnum:64} dt0s16.{upnum:8-24}.{upnum:64} dt0c01.{alnum:20-24}.{alnum:60-64}
sentry.user_token | Sentry user auth token | sntryu_{hex:64}
sentry.org_token | Sentry organisation auth token | sntrys_eyJ{b64p:60-400}_{b64p:43}
sentry.integration_token | Sentry integration or app token | sntryi_{hex:64} sntrya_{hex:64}
sentry.dsn | Sentry DSN (legacy, with a secret) | https://{hex:32}:{hex:32}@{host:6-80}/{digit:1-20} https://{hex:32}:{hex:32}@sentry.io/{digit:1-20}
sentry.dsn_public | Sentry DSN | ? https://{hex:32}@{host:2-80}.sentry.io/{digit:1-20} https://{hex:32}@sentry.io/{digit:1-20}
honeycomb.ingest_key | Honeycomb ingest or configuration key | hcaik_{lownum:58} hcaic_{lownum:58} hcxik_{lownum:58} hcalk_{lownum:26-60} hcamk_{lownum:26-80} hcaim_{lownum:58}
axiom.token | Axiom token | xaat-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} xapt-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} xait-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
logfire.token | Pydantic Logfire write token | pylf_v1_us_{alnum:43} pylf_v1_eu_{alnum:43} pylf_v{digit:1}_{lower:2}_{alnum:40-60}
better_stack.heartbeat_url | Better Stack heartbeat URL | uptime.betterstack.com/api/v1/heartbeat/{alnum:24}
healthchecks.ping_url | Healthchecks ping URL | hc-ping.com/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} hc-ping.com/{word:22}/{word:3-60}
cronitor.ping_url | Cronitor telemetry URL | cronitor.link/p/{hex:32}
pagerduty.events_url | PagerDuty integration URL | events.pagerduty.com/integration/{hex:32}/enqueue
rootly.api_key | Rootly API key | rootly_{hex:64}
launchdarkly.sdk_key | LaunchDarkly SDK key | sdk-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
launchdarkly.api_key | LaunchDarkly API or mobile key | api-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} mob-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} rel-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
configcat.sdk_key | ConfigCat SDK key | configcat-sdk-1/{word:22}/{word:22} configcat-sdk-2/{word:22}/{word:22}
flagsmith.server_key | Flagsmith server key | ser.{alnum:22}
growthbook.secret_key | GrowthBook secret key | secret_admin_{b64p:40-60} secret_readonly_{b64p:40-60} secret_user_{b64p:40-60}
statsig.secret | Statsig server secret | secret-{alnum:43} console-{alnum:43}
posthog.token | PostHog project or personal key | phc_{alnum:43} phx_{alnum:43} phs_{alnum:43} pha_{alnum:43} phr_{alnum:43} phx_{alnum:44-50} phc_{alnum:44-50}
zuplo.api_key | Zuplo API key | zpka_{lownum:32}_{lownum:8}
inngest.signing_key | Inngest signing key | signkey-prod-{hex:64} signkey-test-{hex:64} signkey-branch-{hex:64}
unkey.root_key | Unkey root key | unkey_{alnum:20-40}
checkly.api_key | Checkly API key | cu_{hex:32}
firehydrant.bot_token | FireHydrant bot token | fhb-{hex:32}
`;
