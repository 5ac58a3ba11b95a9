/** Data sold over an API: weather, places, language, media, scraping. Rows: see `parseServices`. */
export const dataSources = String.raw`
abstract | Abstract API | abstractapi,abstract api | {hex:32}
accuweather | AccuWeather | | {alnum:32}
adafruitio | Adafruit IO | adafruit | {alnum:32} aio_{alnum:28}
adzuna | Adzuna | | {hex:32}
aerisweather | AerisWeather | aerisweather,aeris | {alnum:40}
agora | Agora | ! agora | {hex:32}
ahrefs | Ahrefs | ahrefs | {word:40}
airvisual | IQAir AirVisual | airvisual,iqair | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
aletheia | Aletheia API | aletheiaapi,aletheia | {upnum:32}
algolia | Algolia | | {hex:32} {lownum:32}
alienvault | AlienVault OTX | alienvault,otx_ | {hex:64}
allsports | AllSportsAPI | allsports | {hex:64}
amadeus | Amadeus | | {alnum:32} {alnum:16}
ambee | Ambee | | {hex:64}
amplitude | Amplitude | | {hex:32}
apacta | Apacta | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
api_football | API-Football | api football,apisports,api-sports | {hex:32}
apiflash | ApiFlash | | {hex:32}
apify | Apify | apify | apify_api_{alnum:36} {alnum:17-25}
apilayer | APILayer | | {alnum:32}
apininjas | API Ninjas | api ninjas,apininjas,calorieninja,calorie ninja | {b64p:40}
apitemplate | APITemplate.io | | {alnum:39} {b64p:30-60}
arcgis | ArcGIS | arcgis,esri | {dotted:80-300}
artsy | Artsy | | {lownum:32} {lownum:20}
audd | AudD | | {hex:32}
aviationstack | aviationstack | | {hex:32}
aylien | AYLIEN | | {hex:32} {hex:8}
balldontlie | balldontlie | balldontlie | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
besttime | BestTime | | pri_{hex:32} {word:36}
bing | Bing | bing,cognitive services,ocp-apim | {hex:32} {word:64}
blitapp | Blitapp | | {word:39}
blizzard | Blizzard | blizzard,battlenet,battle.net | {alnum:32}
blogger | Blogger | | {word:39}
blynk | Blynk | | {word:32} {hex:32}
brandfetch | Brandfetch | | {b64p:40-44} {alnum:40}
bright_data | Bright Data | brightdata,bright data,luminati | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:64}
browse_ai | Browse AI | browse ai,browseai | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
browshot | Browshot | | {word:28}
builtwith | BuiltWith | builtwith | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
bytescale | Bytescale | bytescale,upload.io | secret_{alnum:26} public_{alnum:26}
calendarific | Calendarific | | {hex:40} {alnum:32}
carbon_interface | Carbon Interface | carboninterface,carbon interface | {alnum:21}
census | US Census | census_api,census key | {hex:40}
checkwx | CheckWX | checkwx | {hex:32}
cicero | Cicero | ! | {hex:40}
clearbit | Clearbit | | {word:35} sk_{hex:32}
collect2 | Collect2 | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
companies_house | Companies House | companies house,companieshouse | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {word:40}
companyhub | CompanyHub | | {dotted:20} {word:20}
congress | Congress.gov | congress.gov,govinfo | {alnum:40}
conversiontools | Conversion Tools | conversiontools | {dotted:100-400}
convertapi | ConvertAPI | | {alnum:16} secret_{alnum:16}
countrylayer | countrylayer | | {lownum:32}
craftmypdf | CraftMyPDF | | {alnum:35} {b64p:20-60}
crunchbase | Crunchbase | crunchbase | {hex:32}
currents | Currents API | currentsapi | {word:48} {alnum:48}
dailymotion | Dailymotion | dailymotion | {hex:40}
darksky | Dark Sky | darksky,dark sky | {hex:32}
dataforseo | DataForSEO | dataforseo | {hex:16}
datagov | Data.gov | datagov,data.gov,data gov,nasa api,nasa_ | {alnum:40}
deezer | Deezer | deezer | {hex:32} fr{alnum:48}
detectlanguage | Detect Language | detectlanguage,detect language | {hex:32} {lownum:32}
diffbot | Diffbot | | {lownum:32}
diggernaut | Diggernaut | | {lownum:40}
discogs | Discogs | discogs | {alpha:40} {alnum:32}
docraptor | DocRaptor | docraptor | {word:20}
edamam | Edamam | | {hex:32} {hex:8}
eia | US Energy Information | eia_api,eia key | {alnum:40} {hex:32}
elsevier | Elsevier | elsevier,scopus | {hex:32}
extractor | ExtractorAPI | extractorapi | {alnum:40}
faceplusplus | Face++ | faceplusplus,face++,facepp | {word:32}
fetchrss | FetchRSS | | {alnum:40} {alnum:40}.{alnum:40}
fingerprint | Fingerprint | fingerprintjs,fpjs | {alnum:20}
flickr | Flickr | | {hex:32} {hex:16}
flightapi | FlightAPI | | {lownum:24}
flightaware | FlightAware | flightaware | {alnum:32}
flightlabs | FlightLabs | flightlabs,goflightlabs | {dotted:100-500}
flightstats | FlightStats | | {hex:32} {hex:8}
football_data | football-data.org | football data | {hex:32}
foursquare | Foursquare | | {upnum:48} fsq3{b64p:44}
geckoboard | Geckoboard | geckoboard | {hex:32}
genius | Genius | ! genius | {word:64}
geoapify | Geoapify | | {lownum:32}
geocode | Geocode.xyz | geocode.xyz,geocode | {digit:10-21}x{digit:3-8} {alnum:28}
geocodify | Geocodify | | {hex:40}
geocodio | Geocodio | | {hex:39} {hex:40}
geoipifi | GeoIPify | geoipifi,geoipify,geo.ipify,ipify,ipifi | at_{alnum:29}
getgeoapi | GetGeoAPI | getgeoapi | {hex:40}
giphy | GIPHY | giphy | {alnum:32}
goodreads | Goodreads | goodreads | {alnum:20-22} {alnum:43}
google | Google | google,gcp,gmail,youtube,recaptcha,gcloud | {word:39} {word:24} 6L{word:38} 4/{word:60-110} {hex:40}
google_oauth | Google OAuth | googleusercontent | GOCSPX-{word:28} {word:24}
graphhopper | GraphHopper | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:36}
guardian | The Guardian Open Platform | guardianapi,guardian | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
happi | Happi | happi dev
here | HERE | hereapi,here_,here api,here maps,heremaps | {word:43} {word:86}
holidayapi | Holiday API | holidayapi | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
html2pdf | html2pdf | | {alnum:64}
hybiscus | Hybiscus | | {word:43}
hypertrack | HyperTrack | | {word:54} {word:27}
iconfinder | Iconfinder | | {alnum:64}
ieee | IEEE Xplore | ieeexplore,ieee_api | {lownum:24}
igdb | IGDB | igdb | {lownum:30}
ilovepdf | iLovePDF | ilovepdf | secret_key_{hex:32}_{word:40}
imagekit | ImageKit | | private_{b64p:28} public_{b64p:28} {word:36}
imagga | Imagga | | {hex:32} acc_{hex:15} {b64p:72}
imgur | Imgur | imgur | {hex:40} {hex:15}
ipapi | ipapi | ipapi,ip api | {lownum:32} {alnum:32}
ipdata | ipdata | ipdata | {hex:56}
ipgeolocation | ipgeolocation | | {lownum:32}
ipinfo | IPinfo | | {hex:14}
ipinfodb | IPInfoDB | | {hex:64}
ipquality | IPQualityScore | ipquality,ipqs | {alnum:32}
ipregistry | ipregistry | ipregistry | {lownum:16} ira_{alnum:32}
ipstack | ipstack | | {hex:32}
isbndb | ISBNdb | isbndb | {digit:5}_{hex:32}
kraken_io | Kraken.io | kraken.io | {hex:32}
languagelayer | languagelayer | | {lownum:32}
last_fm | Last.fm | lastfm,last.fm,last_fm | {hex:32}
lexigram | Lexigram | | {word:301} {word:100-400}
libretranslate | LibreTranslate | libretranslate | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
linkpreview | LinkPreview | linkpreview | {hex:32} {alnum:32}
locationiq | LocationIQ | locationiq | pk.{hex:32}
m3o | M3O | | {b64p:48} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
majestic | Majestic | majestic_ | {HEX:32}
mapbox | Mapbox | | sk.{word:80-240}.{word:22}
mapquest | MapQuest | | {alnum:32}
maptiler | MapTiler | maptiler | {alnum:20} {hex:32}_{hex:64}
maxmind | MaxMind | maxmind,geoip2,geoip | {alnum:16} {alnum:6}_{alnum:29}_mmk
meaningcloud | MeaningCloud | | {hex:32}
mediastack | mediastack | | {lownum:32}
meteomatics | Meteomatics | meteomatics | {word:10-30}
microsoft_translator | Microsoft Translator | translator text,translator_ | {hex:32}
mockaroo | Mockaroo | | {hex:8}
moderation | Moderation API | moderationapi,moderation | {dotted:60-250} {alnum:36}
musixmatch | Musixmatch | musixmatch | {hex:32}
mux | Mux | mux_,mux token,mux secret,mux.com | {b64:75} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
nethunt | NetHunt | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
neutrino | Neutrino API | neutrinoapi,neutrino | {alnum:48}
newsapi | News API | newsapi,news api | {hex:32}
newscatcher | NewsCatcher | | {word:43}
noaa | NOAA | noaa_token,noaa token,ncdc | {alpha:32}
nrel | NREL | nrel_ | {alnum:40}
nutritionix | Nutritionix | | {hex:32} {hex:8}
nvapi | NVAPI | nvapi | {hex:64} {alnum:32}
nytimes | New York Times | nytimes,new york times,newyorktimes,new-york-times,nyt_ | {word:32}
omdb | OMDb | omdb | {hex:8}
opencage | OpenCage | opencage | {lownum:32}
opencorporates | OpenCorporates | opencorporates | {alnum:20}
openrouteservice | openrouteservice | openrouteservice | 5b3ce3597851110001cf6248{hex:32} {b64p:88}
opensecrets | OpenSecrets | opensecrets | {hex:32}
openuv | OpenUV | | {lownum:32} openuv-{lownum:20}
openweather | OpenWeather | openweather,open weather,owm_ | {hex:32}
ordnance_survey | Ordnance Survey | ordnance survey,os_data_hub | {alnum:32}
owlbot | Owlbot | | {hex:40}
oxylabs | Oxylabs | oxylabs
pandascore | PandaScore | | {word:51}
paralleldots | ParallelDots | | {alnum:43}
parsehub | ParseHub | | {word:24} t{word:11}
parseur | Parseur | | {hex:40}
pdfco | PDF.co | pdf.co,pdfco | {word:20-60}_{hex:32-64}
pdflayer | pdflayer | | {lownum:32}
pdfshift | PDFShift | | {hex:32} sk_{hex:40}
peopledatalabs | People Data Labs | peopledatalabs,people data labs,pdl_ | {lownum:64}
petfinder | Petfinder | petfinder | {alnum:50} {alnum:40}
pexels | Pexels | pexels | {alnum:56}
pexip | Pexip | pexip | {alnum:32}
photoroom | PhotoRoom | | {hex:40} sandbox_{hex:40}
pixabay | Pixabay | | {digit:4-9}-{hex:25} {lownum:34}
positionstack | positionstack | | {hex:32} {word:32}
predicthq | PredictHQ | predicthq | {word:40}
protocolsio | protocols.io | protocolsio,protocols.io | {hex:64}
proxycrawl | Crawlbase (ProxyCrawl) | proxycrawl,crawlbase | {word:22}
purpleair | PurpleAir | purpleair | {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
radar | Radar | radar_secret,radar.io | prj_live_sk_{hex:40} prj_test_sk_{hex:40}
rapidapi | RapidAPI | rapid api,x-rapidapi,mashape | {alnum:50} {hex:10}msh{hex:15}p{hex:6}jsn{hex:12}
rawg | RAWG | | {hex:32}
removebg | remove.bg | remove.bg,removebg | {alnum:24}
rev | Rev AI | rev.ai,revai,rev_,rev ai | {word:53} {word:27}
riot | Riot Games | riot_,riotgames,riot games | RGAPI-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
roaring | Roaring | ! roaring | {word:28}
scrapeowl | ScrapeOwl | | {lownum:30}
scraperapi | ScraperAPI | scraperapi,scraper api | {lownum:32}
scraperbox | ScraperBox | | {upnum:32}
scrapestack | scrapestack | | {lownum:32}
scrapfly | Scrapfly | | {hex:32} scp-live-{hex:32}
scraping_fish | Scraping Fish | scrapingfish | {alnum:60}
scrapingant | ScrapingAnt | | {hex:32}
scrapingbee | ScrapingBee | | {upnum:80}
scrapingdog | Scrapingdog | scrapingdog | {hex:24}
screenshotapi | Screenshot API | screenshotapi | {upnum:7}-{upnum:7}-{upnum:7}-{upnum:7}
screenshotlayer | screenshotlayer | | {word:32}
searchapi | SearchApi | searchapi | {alnum:24}
selectpdf | SelectPdf | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
semantic_scholar | Semantic Scholar | semantic scholar,semanticscholar | {alnum:40}
semrush | Semrush | semrush | {hex:32}
serpapi | SerpApi | serpapi | {hex:64}
serper | Serper | serper | {hex:40}
serphouse | SERPHouse | | {alnum:60}
serpstack | serpstack | | {alnum:32}
shotstack | Shotstack | | {alnum:40}
shutterstock | Shutterstock | | {word:16-40} v2/{word:300-400}
similarweb | Similarweb | similarweb | {hex:32}
sirv | Sirv | sirv | {word:88} {b64p:86-90} {alnum:26}
skybiometry | SkyBiometry | | {lownum:25-26}
smartproxy | Decodo (Smartproxy) | smartproxy,decodo | {word:20-60}
smarty | Smarty | smartystreets,smarty | {alnum:20} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
solcast | Solcast | solcast | {word:32}
soundcloud | SoundCloud | soundcloud | {alnum:32}
spoonacular | Spoonacular | | {hex:32}
sportradar | Sportradar | sportradar | {alnum:24} {alnum:40}
sportsmonk | Sportmonks | sportsmonk,sportmonk | {alnum:60}
spotify | Spotify | | {hex:32} {alnum:32} BQ{word:100-250}
springer | Springer Nature | springer_,springernature | {hex:32}
stadia | Stadia Maps | stadia | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
steam | Steam | steam_api,steam api,steamworks,steam_web | {HEX:32}
stormglass | Storm Glass | stormglass | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {word:73}
strava | Strava | | {hex:40}
the_odds | The Odds API | theoddsapi,the odds,oddsapi | {hex:32}
thunderforest | Thunderforest | thunderforest | {hex:32}
tidal | TIDAL | tidal_ | {b64p:44}
timezonedb | TimezoneDB | timezonedb,timezoneapi | {upnum:12} {alnum:20}
tinypng | TinyPNG | tinypng,tinify | {alnum:32}
tmdb | TMDB | tmdb,themoviedb,moviedb | {hex:32}
tomorrow | Tomorrow.io | tomorrowio,tomorrow.io,tomorrow_,climacell | {alnum:32}
tomtom | TomTom | | {alnum:32}
tracker_gg | Tracker Network | tracker.gg,trn-api,trn_api | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
transloadit | Transloadit | transloadit | {hex:32} {hex:40}
travelpayouts | Travelpayouts | | {lownum:32}
unplugg | Unplu.gg | unplugg,unplu.gg,unplu | {hex:64} {lownum:64}
unsplash | Unsplash | | {word:43}
upcdatabase | UPCdatabase | upcdatabase | {upnum:32}
userstack | userstack | | {hex:32}
vimeo | Vimeo | vimeo | {hex:32} {b64p:128}
visual_crossing | Visual Crossing | visualcrossing,visual crossing | {upnum:25}
walkscore | Walk Score | walkscore,walk score | {hex:32} {lownum:32}
weatherapi | WeatherAPI | weatherapi | {hex:31} {lownum:31}
weatherbit | Weatherbit | | {hex:32}
weatherstack | weatherstack | | {hex:32}
webscraper | Web Scraper | webscraper | {alnum:60}
webscraping | WebScraping.AI | webscraping | {alnum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
what3words | what3words | what3words,w3w_ | {upnum:8}
whoisxml | WhoisXML API | whoisxml | at_{alnum:29}
whoxy | Whoxy | | {hex:33} {lownum:33}
windy | Windy | windy_api,windy.com | {alnum:32}
wolfram | Wolfram Alpha | wolfram | {upnum:6}-{upnum:10}
world_weather | World Weather Online | worldweather,world weather | {hex:31}
yandex | Yandex | | {dotted:83-84} {word:39} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:40}
yelp | Yelp | | {word:128}
zamzar | Zamzar | zamzar | {hex:40}
zenrows | ZenRows | | {hex:40}
zenscrape | Zenscrape | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
zenserp | Zenserp | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
zipcode | ZipCodeAPI | zipcodeapi,zipapi | {alnum:64}
zipcodebase | Zipcodebase | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
zyte | Zyte | zyte,scrapinghub,crawlera | {hex:32}
`;
