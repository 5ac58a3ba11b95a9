/** Payments, shops, invoices, tickets, parcels. Rows: see `parseServices`. */
export const commerce = String.raw`
adyen | Adyen | adyen | AQ{b64p:80-250} {HEX:64}
affirm | Affirm | affirm | {upnum:16} {alnum:32}
afterpay | Afterpay | afterpay | {hex:128}
aftership | AfterShip | aftership | asat_{hex:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
sabre | Sabre | sabre | {b64p:30-60}
asaas | Asaas | asaas | aact_{b64p:100-180}
authorize_net | Authorize.Net | authorizenet,authorize.net | {alnum:16}
avalara | Avalara | avalara,avatax | {HEX:16}
baremetrics | Baremetrics | | sk_{word:22} lk_{word:22} {ident:25}
gelato | Gelato | gelato | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
bigcommerce | BigCommerce | big commerce | {lownum:31} {lownum:30-64}
bill | Bill.com | bill.com,billdotcom | {alnum:32}
billomat | Billomat | | {hex:32}
braintree | Braintree | braintree | {hex:32} {lownum:16}
brex | Brex | brex | bxt_{alnum:36}
cashboard | Cashboard | | {hex:4}-{hex:4}-{hex:4}-{hex:4} {upnum:3}-{upnum:3}-{upnum:3}-{upnum:3}
cashfree | Cashfree | cashfree | cfsk_ma_prod_{hex:32}_{hex:8} cfsk_ma_test_{hex:32}_{hex:8} {hex:40}
ccavenue | CCAvenue | ccavenue | {HEX:32}
chargebee | Chargebee | chargebee | {alnum:32-46}
chargify | Chargify | chargify | {word:43}
chartmogul | ChartMogul | | {hex:32}
checio | Chec (Commerce.js) | checio,chec.io,commercejs | pk_{alnum:48} sk_{alnum:48} pk_test_{alnum:50-60}
checkout | Checkout.com | checkout.com,checkout_,cko | sk_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} sk_sbox_{lownum:27}
cielo | Cielo | cielo | {upnum:40}
column | Column | ! | test_{word:27} live_{word:27}
conekta | Conekta | conekta | key_{alnum:20-24}
culqi | Culqi | culqi | sk_live_{alnum:16} sk_test_{alnum:16}
cybersource | CyberSource | cybersource | {b64:43}= {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
dhl | DHL | dhl_,dhl api | {alnum:32}
duffel | Duffel | duffel | duffel_{lower:4}_{word:43}
dwolla | Dwolla | | {alnum:50} {word:50}
easypost | EasyPost | | EZAK{alnum:54} EZTK{alnum:54}
ebay | eBay | ebay | {word:8-30}-{word:8-30}-PRD-{hex:9}-{hex:8} PRD-{hex:12}-{hex:4}-{hex:4}-{hex:4}-{hex:4} SBX-{hex:12}-{hex:4}-{hex:4}-{hex:4}-{hex:4}
ecwid | Ecwid | ecwid | secret_{alnum:32} public_{alnum:32}
etsy | Etsy | etsy | {lownum:24}
expensify | Expensify | expensify | {hex:40}
fastspring | FastSpring | fastspring | {word:22}
fedex | FedEx | fedex | {hex:32} {lownum:34}
finicity | Finicity | | {lownum:32} {lownum:20} {alnum:20}
fleetbase | Fleetbase | | flb_live_{alnum:20} {word:40}
flexport | Flexport | | shltm_{word:40} {dotted:200-400}
flutterwave | Flutterwave | flutter wave | FLWSECK-{lownum:32}-X
freshbooks | FreshBooks | fresh books | {hex:64} {lownum:64}
gocardless | GoCardless | go cardless | live_{word:40} sandbox_{word:40}
gumroad | Gumroad | | {word:43} {hex:64}
gusto | Gusto | gusto | {word:43}
instamojo | Instamojo | | {alnum:40} {alnum:128}
invoiceocean | InvoiceOcean | | {alnum:20}/{word:3-30} {alnum:20}
iugu | Iugu | iugu | {HEX:64} {hex:32}
iyzico | iyzico | iyzico | {alnum:32}
klarna | Klarna | klarna | {alnum:16} klarna_live_api_{b64p:60-110}
lemonsqueezy | Lemon Squeezy | lemonsqueezy,lemon squeezy | {dotted:300-1400}
lendflow | Lendflow | | {alnum:36}.{alnum:235}.{alnum:32}.{word:41} {dotted:300-1200}
lexoffice | Lexware Office | lexoffice,lexware | {alnum:8}-{alnum:4}-{alnum:4}-{alnum:4}-{alnum:12}
lob | Lob | lob_,lob api,lob.com | live_{hex:35} test_{hex:35}
loyverse | Loyverse | | {hex:32} {lownum:32}
lunchmoney | Lunch Money | lunchmoney,lunch money | {hex:50} {lownum:50}
magento | Magento | magento | {lownum:32}
mercadopago | Mercado Pago | mercadopago,mercado pago,mercadolibre | {alnum:32} APP_USR-{word:60-80}
mercury | Mercury | mercury_,mercury api | mercury_production_{word:50-110}
midtrans | Midtrans | midtrans | Mid-server-{word:24} SB-Mid-server-{word:24}
mollie | Mollie | mollie | live_{alnum:30}
moneybird | Moneybird | moneybird | {word:43}
moonclerk | MoonClerk | | {hex:32} {lownum:32}
moyasar | Moyasar | moyasar | sk_live_{alnum:40} sk_test_{alnum:40}
omise | Omise | omise | skey_{lownum:19} skey_test_{lownum:19}
onfleet | Onfleet | | {hex:32}
toast | Toast | toasttab,toast_api | {alnum:64}
paddle | Paddle | paddle_,paddle api,paddle vendor | {hex:50} {hex:48}
pagarme | Pagar.me | pagarme,pagar.me | ak_live_{alnum:30} ak_test_{alnum:30} sk_{alnum:16}
pagseguro | PagSeguro | pagseguro,pagbank | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:60} {HEX:32}
partnerstack | PartnerStack | | {alnum:64}
paydirt | Paydirt | paydirtapp,paydirt | {hex:32}
paymo | Paymo | paymoapp,paymo | {hex:44} {word:44}
paymongo | PayMongo | | sk_{lower:4}_{alnum:24}
paypal | PayPal | paypal,pay pal | {word:80} E{word:63} E{word:79} {word:64}
paystack | Paystack | | sk_{lower:4}_{alnum:40}
paytm | Paytm | paytm | {alnum:16}
paytr | PayTR | paytr | {alnum:16}
payu | PayU | payu_,payu money,payumoney | {hex:32} {alnum:32}
phonepe | PhonePe | phonepe | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
plaid | Plaid | plaid | {hex:30} {hex:24}
postnl | PostNL | postnl | {alnum:32}
prestashop | PrestaShop | prestashop | {upnum:32}
printful | Printful | printful | {alnum:40} {lownum:8}-{lownum:4}-{lownum:4}:{lownum:4}-{lownum:12}
printify | Printify | printify | {dotted:600-1200}
privacy | Privacy.com | ! privacy | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
quickbooks | QuickBooks | quickbooks,intuit | {alnum:40} {alnum:50}
ramp | Ramp | ramp_client,ramp api | ramp_sec_{alnum:48}
razorpay | Razorpay | | {alnum:24} rzp_live_{alnum:14}
recharge | Recharge | rechargepayments,recharge_ | sk_{lownum:5-20}_{lownum:40-80} {hex:56}
recurly | Recurly | recurly | {hex:32}
request_finance | Request Finance | requestfinance,request finance | {upnum:7}-{upnum:7}-{upnum:7}-{upnum:7}
route4me | Route4Me | | {HEX:32} {upnum:32}
sage | Sage | ! sage | {hex:64}
sellfy | Sellfy | sellfy | {hex:40}
sendcloud | Sendcloud | sendcloud | {hex:32}
sevdesk | sevdesk | sevdesk | {hex:32}
shareasale | ShareASale | shareasale | {alnum:16}
shipbob | ShipBob | shipbob | {HEX:64}
shipday | Shipday | | {alnum:10}.{alnum:20} {word:11}.{word:20}
shipengine | ShipEngine | shipengine,shipstation | {b64:43} {hex:32}
shippo | Shippo | shippo | shippo_live_{hex:40}
shiprocket | Shiprocket | shiprocket | {dotted:200-900}
shopify | Shopify | | shp{lower:2}_{xhex:32} {hex:32}
snipcart | Snipcart | | {word:75} {b64p:70-90}
square | Square | ! square,squareup | EAAA{word:60} sq0{lower:3}-{word:22-43} {word:64}
squarespace | Squarespace | square space | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
stedi | Stedi | stedi | {alnum:7}.{alnum:24}
storecove | Storecove | | {word:43}
stripe | Stripe | | {alnum:24} {alnum:99} {word:32}
sumup | SumUp | sumup | sup_sk_{alnum:32} {hex:64}
swell | Swell | ! swell | {alnum:32}
tap | Tap Payments | tap_payments,tap payments | sk_live_{alnum:24} sk_test_{alnum:24}
taxjar | TaxJar | | {lownum:32} {hex:32}
thinkific | Thinkific | | {hex:32}
ticketmaster | Ticketmaster | | {alnum:32}
tickettailor | Ticket Tailor | tickettailor | sk_{word:45} sk_{digit:4}_{digit:5-7}_{hex:32}
trackingmore | TrackingMore | trackingmore,17track | {hex:8}-{lownum:4}-{lownum:4}-{lownum:4}-{lownum:12} {HEX:32}
transferwise | Wise (TransferWise) | transferwise,wise api,wise_ | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
tripletex | Tripletex | tripletex | {b64p:80-200}
ups_com | UPS | ups_client,ups api,ups_api | {alnum:64} {alnum:48}
usps | USPS | usps | {alnum:32}
vouchery | Vouchery | | {word:43} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
walmart | Walmart | walmart | {word:86} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
wepay | WePay | | stage_{hex:64} production_{hex:64} {word:62}
woocommerce | WooCommerce | woo commerce,wc_consumer | ck_{hex:40} cs_{hex:40}
worldpay | Worldpay | worldpay | T_S_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
xendit | Xendit | xendit | xnd_production_{alnum:40-70} xnd_development_{alnum:40-70}
xero | Xero | xero | {word:48} {upnum:30}
ynab | YNAB | youneedabudget,ynab | {word:43} {hex:64}
zipbooks | ZipBooks | | {dotted:40-400}
zuora | Zuora | zuora | {b64p:40-60}
`;
