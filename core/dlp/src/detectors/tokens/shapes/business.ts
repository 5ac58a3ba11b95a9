/** Payments, commerce, exchanges, identity, logistics. Rows: see `parseTokens`. */
export const business = String.raw`
stripe.secret_key | Stripe live secret or restricted key | sk_live_{alnum:24} rk_live_{alnum:24} sk_live_{alnum:10-250} rk_live_{alnum:10-250}
stripe.test_key | Stripe test secret or restricted key | sk_test_{alnum:10-250} rk_test_{alnum:10-250}
stripe.webhook_secret | Stripe webhook signing secret | whsec_{alnum:32-64} whsec_{b64p:32-64}
stripe.client_secret | Stripe payment intent client secret | pi_{alnum:24}_secret_{alnum:25} seti_{alnum:14-24}_secret_{alnum:25}
stripe.org_key | Stripe organisation key or Connect client | sk_org_{alnum:20-250} ek_live_{alnum:20-250}
stripe.publishable_key | Stripe publishable key | ? pk_live_{alnum:24-250} pk_test_{alnum:24-250}
square.access_token | Square access token | EAAA{word:60} sq0atp-{word:22} EAAAE{word:59} EAAAF{word:59} EAAAl{word:59}
square.oauth_secret | Square OAuth secret | sq0csp-{word:43}
square.application_id | Square application id or repository token | ? sq0idp-{word:22}
square.refresh_token | Square personal or refresh token | EQAA{word:60} sq0ats-{word:22} sq0acp-{word:22}
paypal.access_token | Braintree or PayPal production access token | access_token$production{dollar:1}{lownum:16}{dollar:1}{hex:32} access_token$sandbox{dollar:1}{lownum:16}{dollar:1}{hex:32}
paypal.token | PayPal access token | A21AA{word:80-120}
braintree.tokenization_key | Braintree tokenization key | production_{lownum:8}_{lownum:16} sandbox_{lownum:8}_{lownum:16}
adyen.api_key | Adyen API key | AQE{lower:1}hm{b64p:60-250}-{b64p:20-90}-{word:8-20} AQE{alnum:3}{b64p:60-250}=-{b64p:20-90}=-{dotted:8-20}
razorpay.key_id | Razorpay key id | rzp_live_{alnum:14} rzp_test_{alnum:14}
paystack.secret_key | Paystack secret key | sk_live_{hex:40} sk_test_{hex:40}
flutterwave.secret_key | Flutterwave secret key | FLWSECK-{lownum:32}-X FLWSECK_TEST-{lownum:32}-X FLWSECK_TEST{lownum:12} FLWSECK_TEST-{hex:32}-X
flutterwave.public_key | Flutterwave public key | ? FLWPUBK-{lownum:32}-X FLWPUBK_TEST-{lownum:32}-X
mollie.api_key | Mollie API key | live_{alnum:30} test_{alnum:30}
gocardless.access_token | GoCardless access token | live_{word:40} sandbox_{word:40}
mercadopago.access_token | Mercado Pago access token | APP_USR-{digit:14-16}-{digit:6}-{hex:32}-{digit:6-12} TEST-{digit:14-16}-{digit:6}-{hex:32}-{digit:6-12} APP_USR-{digit:14-16}-{digit:6}-{hex:32}__{lower:2}_{lower:2}__-{digit:6-12}
paymongo.secret_key | PayMongo secret key | sk_live_{alnum:24-32} sk_test_{alnum:24-32}
omise.secret_key | Omise secret key | skey_test_{lownum:19} skey_live_{lownum:19} skey_{lownum:19}
checkout.secret_key | Checkout.com secret key | sk_sbox_{lownum:27-60} sk_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} sk_test_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
plaid.access_token | Plaid access token | access-sandbox-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} access-development-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} access-production-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
lob.api_key | Lob API key | live_{hex:35} test_{hex:35} live_pub_{hex:31} test_pub_{hex:31}
shippo.api_token | Shippo API token | shippo_live_{hex:40} shippo_test_{hex:40}
easypost.api_key | EasyPost API key | EZAK{alnum:54} EZTK{alnum:54} EZAK{hex:32}{alnum:22} EZTK{alnum:22}
shipengine.api_key | ShipEngine API key | TEST_{b64:43} LIVE_{b64:43}
duffel.token | Duffel access token | duffel_test_{loose:43} duffel_live_{loose:43}
shopify.access_token | Shopify admin API access token | shpat_{xhex:32}
shopify.custom_app | Shopify custom app access token | shpca_{xhex:32} shppa_{xhex:32} shptka_{xhex:32}
shopify.shared_secret | Shopify shared secret | shpss_{xhex:32} shprt_{xhex:32} shpua_{xhex:32}
shopify.partner_token | Shopify partner API or CLI token | prtapi_{hex:32} atkn_{hex:60-80} shpcli_{xhex:32}
paddle.api_key | Paddle API key | pdl_live_apikey_{lownum:26}_{alnum:22}_{alnum:3} pdl_sdbx_apikey_{lownum:26}_{alnum:22}_{alnum:3}
paddle.webhook_secret | Paddle webhook secret | pdl_ntfset_{lownum:26}_{b64p:32}
chargebee.api_key | Chargebee API key | live_{alnum:32-46} test_{alnum:32-46}
polar.access_token | Polar access token | polar_oat_{alnum:40-60} polar_at_u_{alnum:40-60} polar_pat_{alnum:40-60} polar_whs_{alnum:40-60}
ramp.token | Ramp client or access token | ramp_id_{alnum:40} ramp_sec_{alnum:48} ramp_tok_{alnum:48}
coinbase.key_secret | Coinbase CDP key | organizations/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}/apiKeys/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
infura.url | Infura project URL | infura.io/v3/{hex:32} infura.io/ws/v3/{hex:32}
alchemy.url | Alchemy node URL | g.alchemy.com/v2/{word:32} alchemyapi.io/v2/{word:32} alcht_{alnum:30}
quicknode.url | QuickNode endpoint URL | .quiknode.pro/{hex:40} QN_{hex:32}
ankr.url | Ankr RPC URL | rpc.ankr.com/{lower:2-20}/{hex:64}
helius.url | Helius RPC URL | helius-rpc.com/?api-key={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
blockfrost.project_id | Blockfrost project id | mainnet{alnum:32} preprod{alnum:32} preview{alnum:32}
clerk.secret_key | Clerk secret key | sk_live_{alnum:42} sk_test_{alnum:42} whsec_{b64p:32}
workos.api_key | WorkOS API key | sk_live_{b64p:64-200} sk_test_a2V5{b64p:40-200}
stytch.secret | Stytch secret | secret-test-{word:35}= secret-live-{word:35}= 
authress.service_key | Authress service client key | authress_{lownum:10-60}.{lownum:4}.acc_{lownum:10-30}.{word:30-200} sc_{lownum:5-30}.{lownum:4}.acc_{lownum:10-30}.{b64p:30-200} sc_{lownum:5-30}.{lownum:4}.acc-{lownum:10-30}.{b64p:30-200}
okta.api_token | Okta API token in a header | SSWS{space:1}00{word:40}
nightfall.api_key | Nightfall API key | NF-{alnum:32}
jumpcloud.api_key | JumpCloud API key | jca_{alnum:36}
openshift.user_token | OpenShift user token | sha256~{word:43}
rancher.token | Rancher API token | token-{lownum:5}:{lownum:54} kubeconfig-u-{lownum:5-20}:{lownum:54} kubeconfig-user-{lownum:5-20}:{lownum:54}
portainer.access_token | Portainer access token | ptr_{b64p:44}
pusher.url | Pusher URL with its key | pusher.com/apps/{digit:4-8}/events?auth_key={hex:20}
mapbox.secret_token | Mapbox secret or temporary token | sk.eyJ1Ijoi{word:40-200}.{word:22} tk.eyJ1Ijoi{word:40-200}.{word:22}
mapbox.public_token | Mapbox public token | pk.eyJ1Ijoi{word:40-200}.{word:22}
maxmind.license_key | MaxMind licence key | {alnum:6}_{alnum:29}_mmk
locationiq.token | LocationIQ access token | pk.{hex:32}
arcgis.api_key | Esri ArcGIS API key | AAPK{hex:32}{word:64} AAPT{word:60-300} AAPTx{word:60-300}
bing_maps.key_url | Bing Maps key in a URL | ? dev.virtualearth.net{url:1-120}key={word:64}
frameio.token | Frame.io token | fio-u-{word:64}
dropbox.short_token | Dropbox access token | sl.{word:130-160} sl.u.{word:130-1500} sl.B{word:129-160} sl.A{word:129-160}
dropbox.long_token | Dropbox long-lived token | {alnum:11}AAAAAAAAAA{word:43}
cloudinary.url | Cloudinary URL | cloudinary://{digit:15}:{word:27}@{word:3-64}
prismic.token | Prismic access token | MC5{word:20-60}.{word:60-110}
segment.public_token | Segment public API token | sgp_{alnum:64}
amplitude.deployment_key | Amplitude Experiment deployment key | server-{alnum:32} client-{alnum:32}
fullstory.api_key | FullStory API key | na1.{b64p:60-110} eu1.{b64p:60-110}
retool.api_key | Retool API key | retool_{lownum:26} RETOOL_01{alnum:20-60}
flexport.token | Flexport API token | shltm_{word:40}
ubidots.token | Ubidots token | BBFF-{alnum:30} BBUS-{alnum:30} BBFF-{alnum:32}
adafruit.io_key | Adafruit IO key | aio_{alnum:28}
blynk.client_secret | Blynk client id with its secret | oa2-client-id_{word:32}:{word:40} oa2-client-id_{word:32}
blynk.device_url | Blynk device token in a URL | blynk.cloud/external/api/{url:3-60}token={word:32} blynk-cloud.com/{hex:32}/
thingsboard.device_url | ThingsBoard device token in a URL | /api/v1/{lownum:20}/telemetry /api/v1/{lownum:20}/attributes /api/v1/{lownum:20}/rpc
adobe.client_secret | Adobe client secret | p8e-{word:32} p8e-{alnum:32} s-p24-{word:30-40}
netbird.token | NetBird personal access token | nbp_{alnum:36}
woocommerce.api_key | WooCommerce REST API key | ck_{hex:40} cs_{hex:40}
crowdin.variable | Crowdin token in its variable | ? CROWDIN_PERSONAL_TOKEN={hex:80}
deepl.api_key | DeepL API key | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:fx
sidekiq.url | Sidekiq Enterprise credentials in a URL | {hex:8}:{hex:8}@gems.contribsys.com {hex:8}:{hex:8}@enterprise.contribsys.com
scrapfly.api_key | Scrapfly API key | scp-live-{hex:32} scp-test-{hex:32}
apify.api_token | Apify API token | apify_api_{alnum:36}
browserless.url | Browserless token in a URL | ? browserless.io?token={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
aikido.token | Aikido client secret | AIK_CLIENT_{alnum:20-70} AIK_SECRET_{alnum:40-90}
censys.token | Censys personal access token | censys_{alnum:8}_{alnum:28-40}
tableau.token | Tableau personal access token | {b64:22}==:{alnum:32}
settlemint.token | SettleMint token | sm_aat_{alnum:16} sm_pat_{alnum:16} sm_sat_{alnum:16}
defined.token | Defined Networking token | dnkey-{word:26}-{word:52}
svix.token | Svix API token | testsk_{word:28-60}.{lower:2}
onfido.api_token | Onfido API token | api_live.{word:11}.{word:32} api_live_us.{word:11}.{word:32} api_live_ca.{word:11}.{word:32} api_sandbox.{word:11}.{word:32}
persona.api_key | Persona API key | persona_production_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} persona_sandbox_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
samsara.api_token | Samsara API token | samsara_api_{alnum:30}
lichess.token | Lichess personal access token | lip_{alnum:20}
oculus.access_token | Oculus app access token | OC|{digit:10-20}|{hex:32}
plane.api_key | Plane API key | plane_api_{hex:32}
outline.api_key | Outline API key | ol_api_{alnum:38}
tolgee.api_key | Tolgee API key | tgpak_{lownum:40-60} tgpat_{lownum:40-60}
n8n.api_key | n8n API key | n8n_api_{hex:40-80}
`;
