/** Market data, exchanges, block chains, currencies. Rows: see `parseServices`. */
export const finance = String.raw`
alchemy | Alchemy | alchemyapi,alchemy | {word:32} alcht_{alnum:30}
alpaca | Alpaca | alpaca,apca | {alnum:40} PK{upnum:18} AK{upnum:18}
alphavantage | Alpha Vantage | alphavantage,alpha vantage | {upnum:16}
ankr | Ankr | ankr | {hex:64}
benzinga | Benzinga | benzinga | {alnum:32} bz.{alnum:32}
binance | Binance | binance | {alnum:64}
birdeye | Birdeye | birdeye | {hex:32}
bitcoinaverage | BitcoinAverage | | {alnum:43} {b64p:40-50}
bitfinex | Bitfinex | | {alnum:43}
bitget | Bitget | bitget | {hex:64} bg_{hex:32}
bitgo | BitGo | bitgo | v2x{hex:64}
bithumb | Bithumb | bithumb | {hex:32}
bitmart | BitMart | bitmart | {hex:64} {hex:40}
bitmex | BitMEX | | {word:48} {word:24}
bitpanda | Bitpanda | bitpanda | {hex:128}
bitstamp | Bitstamp | bitstamp | {alnum:32}
bittrex | Bittrex | bittrex | {hex:32}
bitvavo | Bitvavo | bitvavo | {hex:128} {hex:64}
blockchair | Blockchair | blockchair | G___{alnum:32} {alnum:36}
blockcypher | BlockCypher | blockcypher | {hex:32}
blockfrost | Blockfrost | blockfrost | {alnum:39}
blocknative | Blocknative | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
bscscan | Etherscan family (BscScan, PolygonScan) | bscscan,etherscan,polygonscan,arbiscan,snowtrace,ftmscan,basescan,blockscan | {upnum:34}
bybit | Bybit | bybit | {alnum:36} {alnum:18}
unit | Unit | unit_api_token,unit.co | v2.public.{word:100-800}
cexio | CEX.IO | cexio,cex.io | {alnum:24-27} {lower:2}{digit:9}
chainstack | Chainstack | chainstack | {hex:32} {word:8}.{word:32}
coinapi | CoinAPI | | {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
coinbase | Coinbase | | {word:64} {alnum:16} {alnum:32} {b64:86}==
coingecko | CoinGecko | coingecko | CG-{alnum:24}
coinglass | CoinGlass | coinglass | {hex:32}
coinlayer | coinlayer | coinlayer,coinlib | {lownum:32} {alnum:16}
coinlib | Coinlib | | {alnum:16}
coinmarketcap | CoinMarketCap | coin market cap,cmc_pro,cmc_ | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
coinpaprika | Coinpaprika | coinpaprika | {hex:40}
commodities | Commodities-API | commodities | {alnum:60}
covalent | Covalent | covalent | cqt_{word:28} ckey_{hex:28}
cryptocom | Crypto.com | crypto.com_,cryptocom | {alnum:22} cxakp_{alnum:22} cxmtp_{alnum:22}
cryptocompare | CryptoCompare | cryptocompare | {hex:64} {alnum:64}
currencyapi | Currencyapi | currencyapi,freecurrencyapi | cur_live_{alnum:40} fca_live_{alnum:40}
currencycloud | Currencycloud | | {hex:64}
currencyfreaks | Currencyfreaks | | {hex:32} {lownum:32}
currencylayer | currencylayer | | {lownum:32}
currencyscoop | Currency Scoop | currencyscoop,currencybeacon | {alnum:32} {hex:32}
deribit | Deribit | deribit | {word:43} {word:8}
dfuse | dfuse | | web_{hex:32} {alnum:32}
dune | Dune Analytics | dune api,dune_ | {alnum:32}
enigma | Enigma | ! enigma | {alnum:40}
eodhd | EODHD | eodhd,eodhistorical | {hex:13}.{digit:8}
ethplorer | Ethplorer | | {word:22} EK-{alnum:5}-{alnum:7}-{alnum:5}
exchangerate | ExchangeRate-API | exchangerate,exchange rate | {hex:24} {alnum:32}
exchangeratesapi | exchangeratesapi | exchangerates,exchange rates | {alnum:32} {hex:32}
fastforex | fastFOREX | | {hex:10}-{hex:10}-{lownum:6} {word:28}
finage | Finage | | API_KEY{alnum:26} API_KEY{lownum:23}
financial_modeling_prep | Financial Modeling Prep | financialmodelingprep,financial modeling,fmp_ | {alnum:32}
findl | Findl | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:32}
finnhub | Finnhub | | {lownum:20} {lownum:40}
fireblocks | Fireblocks | fireblocks | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
fixer | Fixer | fixerio,fixer.io,fixer | {alnum:32}
fmfw | FMFW | fmfw | {word:32}
fred | FRED | fred_api,fred api,stlouisfed | {hex:32}
fxmarket | FXMarketAPI | fxmarket | {word:20}
gateio | Gate.io | gate.io,gateio | {hex:64} {hex:32}
gemini | Gemini exchange | ! gemini | {alnum:27-28} master-{alnum:20} account-{alnum:20}
glassnode | Glassnode | | {alnum:27}
helius | Helius | helius | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
huobi | Huobi (HTX) | huobi,htx_ | {hex:8}-{hex:8}-{hex:8}-{hex:5} {lownum:10}-{hex:8}-{hex:8}-{hex:5}
iex | IEX Cloud | iexcloud,iexapis,iex_,iex cloud | pk_{hex:32} sk_{hex:32} {word:32}
infura | Infura | | {hex:32}
intrinio | Intrinio | | {alnum:44} {word:33}
kraken | Kraken | kraken | {b64:86}== {b64:56} {b64p:88}
kucoin | KuCoin | | {hex:24} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
luno | Luno | | {word:43} {lownum:13}
magnetic | Magnetic | ! magnetic | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
marketaux | Marketaux | marketaux | {alnum:40}
marketstack | marketstack | | {hex:32} {alnum:32}
messari | Messari | messari | {word:36} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
metaapi | MetaApi | metaapi | {dotted:200-1500} {hex:64}
mexc | MEXC | mexc | mx0{alnum:15-17} {hex:32}
moralis | Moralis | | {alnum:64}
nansen | Nansen | nansen | {alnum:32}
nasdaq | Nasdaq Data Link (Quandl) | nasdaqdatalink,nasdaq,quandl | {word:20}
nftport | NFTPort | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
numverify | numverify | | {hex:32}
oanda | OANDA | | {alnum:24} {hex:32}-{hex:32}
okx | OKX | okx_,okex | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {HEX:32}
openexchangerates | Open Exchange Rates | openexchangerates,open exchange | {hex:32}
opensea | OpenSea | opensea | {hex:32}
phemex | Phemex | phemex | {word:84} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
pinata | Pinata | pinata | {hex:64} {hex:20}
poloniex | Poloniex | | {hex:128} {upnum:8}-{upnum:8}-{upnum:8}-{upnum:8}
polygon | Polygon.io | polygon.io,polygon | {alnum:32} {word:32}
quicknode | QuickNode | quicknode | QN_{hex:32} {hex:40}
quiver | Quiver Quantitative | quiverquant | {hex:40}
robinhood | Robinhood | robinhood | {b64p:44} rh-api-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
saxo | Saxo Bank | saxobank,saxo_ | {hex:32}
simfin | SimFin | | {alnum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
stockdata | StockData | | {alnum:40}
tatum | Tatum | tatumio,tatum | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} t-{hex:24}-{hex:24} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}_{digit:1-4}
technicalanalysis | Technical Analysis API | technicalanalysis,technical analysis | {upnum:48}
thirdweb | thirdweb | thirdweb | {word:86}
tiingo | Tiingo | | {hex:40}
tradier | Tradier | | {alnum:28}
trading212 | Trading 212 | trading212,trading 212 | {word:36-45}
twelvedata | Twelve Data | twelvedata,twelve data | {lownum:32}
upbit | Upbit | upbit | {alnum:40}
vatlayer | vatlayer | | {lownum:32}
web3storage | web3.storage | web3storage,web3.storage | {dotted:150-400}
worldcoinindex | WorldCoinIndex | | {alnum:35}
`;
