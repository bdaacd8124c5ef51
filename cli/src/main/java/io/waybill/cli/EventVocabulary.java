package io.waybill.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The words of {@link EventGenerator}: languages, places, sites, devices. Sites and networks are made up, addresses are
 * of the ranges for documentation, and no text holds a quote, a backslash or a control character.
 */
final class EventVocabulary {
    /** What people read and look for in one language, the words also as they stand in a URL. */
    record Language(String code, List<String> phrases, List<String> words, List<String> encodedWords) {}

    /** A town as the geo enrichment tells it, latitude and longitude in units of 0.0001 degrees. */
    record Place(
            String language,
            String country,
            String region,
            String regionName,
            String city,
            int latitude,
            int longitude,
            String zone,
            String currency) {}

    /** A browser on a machine as its user agent tells. */
    record Device(
            String browser,
            String version,
            String os,
            String osVersion,
            String kind,
            int width,
            int height,
            String agent) {
        boolean isMobile() {
            return !kind.equals("Desktop");
        }

        String major() {
            int dot = version.indexOf('.');
            return dot < 0 ? version : version.substring(0, dot);
        }
    }

    /** A web site; a classic one has the user agent parsed into columns, the others have the place in full instead. */
    record Site(String app, String host, String name, boolean classic) {}

    /** A site that sends visitors. */
    record Referrer(String medium, String source, String host, String path) {}

    static final List<Language> LANGUAGES = languages();
    static final List<Place> PLACES = places();
    static final List<Device> DEVICES = devices();

    static final List<Site> SITES = List.of(
            new Site("acme-shop", "shop.acme.example", "Acme Shop", false),
            new Site("acme-news", "news.acme.example", "Acme News", false),
            new Site("bikes", "www.example.com", "Example Bikes", true),
            new Site("travel", "travel.example.org", "Example Travel", false),
            new Site("kitchen-blog", "kitchen.example.net", "Example Kitchen", true));

    static final List<Referrer> REFERRERS = List.of(
            new Referrer("search", "Example Search", "www.search.example", "/"),
            new Referrer("search", "Other Search", "find.search.example", "/web"),
            new Referrer("social", "Example Social", "m.social.example", "/feed"),
            new Referrer("social", "Short Links", "s.social.example", "/Xk3a9"),
            new Referrer("email", "Example Mail", "mail.example.net", "/inbox/"),
            new Referrer("unknown", "", "blog.example.org", "/2026/02/reviews"),
            new Referrer("unknown", "", "forum.example.net", "/t/48213"));

    static final List<String> SECTIONS = List.of(
            "products",
            "catalogue/shoes",
            "catalogue/bags",
            "blog",
            "news/world",
            "help",
            "offers/spring",
            "recipes",
            "trips");
    static final List<String> CAMPAIGNS =
            List.of("spring_sale_2026", "brand", "newsletter-09", "retargeting_eu", "launch");
    static final List<String> NETWORKS =
            List.of("Example Telecom", "Test-Net Broadband", "Sample Mobile", "Acme Fibre");
    static final List<String> CATEGORIES = List.of("navigation", "video", "checkout", "gallery", "chat", "search");
    static final List<String> ACTIONS = List.of("click", "play", "open", "swipe", "filter", "close");
    static final List<String> TAGS = List.of(
            "new", "sale", "top", "eco", "gift", "b2b", "outdoor", "🚲", "🎉 deal", "🌍", "⭐⭐⭐⭐", "☕ break", "limited",
            "kids");
    static final List<String> VARIANTS = List.of("control", "variant_a", "variant_b", "holdout");
    static final List<String> COLOURS = List.of("black", "white", "petrol", "sand", "red", "midnight blue");

    static final List<String> IP_RANGES = List.of("192.0.2.", "198.51.100.", "203.0.113.");

    private EventVocabulary() {}

    /** The language of this code. */
    static Language language(String code) {
        for (Language language : LANGUAGES) {
            if (language.code().equals(code)) {
                return language;
            }
        }
        throw new IllegalArgumentException("no language '" + code + "' in the vocabulary");
    }

    private static List<Language> languages() {
        return rows("""
            en | Spring sale: bikes and bags|How to choose running shoes|Free delivery from 50|Ten quiet beaches\
            |Your order is on its way|Fresh bread in an hour|Compare city bikes|Newsletter and offers\
             | city bike|rain jacket|coffee grinder|trail shoes|weekend trip|bread tin
            de | Fahrräder für jede Straße|Größenberatung für Laufschuhe|Müsli & Frühstück aus der Region\
            |Schöne Ausflüge übers Wochenende|Rückgabe und Umtausch – so geht’s|Grüne Küche: Spätzle mit Käse\
             | Kaffeemühle|Regenjacke für Übergrößen|Fahrradschloss|Wanderstöcke|Brotbackform
            fr | Vélos électriques à prix doux|Les meilleures crêpes de l’été|Où dîner près de la forêt ?\
            |Livraison gratuite dès 50 €|Idées cadeaux pour Noël|Préparer son séjour à la mer\
             | vélo de ville|crème brûlée|chaussures légères|séjour à la ferme|théière
            es | Bicicletas para niños y niñas|Envío rápido a toda España|¿Qué zapatillas elegir este otoño?\
            |Recetas fáciles con jamón|Mañana empiezan las rebajas|Excursiones en la montaña\
             | bicicleta eléctrica|cafetera pequeña|excursión de un día|mochila de montaña|pan de maíz
            pt | Promoções de verão até amanhã|Receitas rápidas com feijão|Viagens no coração da serra\
            |Devolução grátis em 30 dias|Bicicletas elétricas à mão\
             | calçado de corrida|pão de ló|mochila|avião e hotel|cafeteira
            pl | Rowery miejskie i części|Najlepsze książki na zimę|Dostawa już w środę|Żurek – przepis babci\
            |Zwroty i reklamacje: pytania\
             | rower górski|kawa świeżo palona|łyżka drewniana|buty do biegania|wycieczka
            tr | İlkbahar indirimi başladı|Şehir bisikletleri ve aksesuarları|Kahvaltı için 10 öneri\
            |Ücretsiz kargo ve kolay iade|Güneşli sahiller rehberi\
             | koşu ayakkabısı|çaydanlık|yağmurluk|şehir turu|ekmek kalıbı
            ru | Весенняя распродажа велосипедов|Как выбрать обувь для бега|Доставка за один день\
            |Рецепты домашнего хлеба|Тихие места у моря\
             | кофемолка|велосипед|дождевик|поездка|форма
            el | Ανοιξιάτικες προσφορές|Ποδήλατα πόλης|Συνταγές με ελιές|Δωρεάν αποστολή|Διακοπές στη θάλασσα\
             | ποδήλατο|καφές|σακίδιο|εκδρομή
            ja | 春の自転車フェア開催中|ランニングシューズの選び方|送料無料キャンペーン|週末の小旅行ガイド\
            |焼きたてパンのレシピ|お問い合わせと返品\
             | 電動自転車|コーヒーミル|レインコート|温泉旅行|食パン型
            zh | 春季自行车特卖|如何选择跑步鞋|满五十免运费|周末短途旅行指南|新鲜面包一小时|订单查询与退货\
             | 城市自行车|咖啡机|雨衣|跑鞋|背包
            ko | 봄맞이 자전거 할인|러닝화 고르는 법|무료 배송 안내|주말 여행 가이드|갓 구운 빵 레시피\
             | 전기 자전거|커피 그라인더|우비|등산 배낭
            """, " \\| ").stream()
                .map(row -> {
                    List<String> words = List.of(row[2].split("\\|"));
                    List<String> encoded =
                            words.stream().map(EventVocabulary::percentEncoded).toList();
                    return new Language(row[0], List.of(row[1].split("\\|")), words, encoded);
                })
                .toList();
    }

    private static List<Place> places() {
        return rows("""
            en|GB|ENG|England|London|515085|-1257|Europe/London|GBP
            en|US|OR|Oregon|Portland|455234|-1226762|America/Los_Angeles|USD
            en|US|NY|New York|Albany|426526|-737562|America/New_York|USD
            en|US|OH|Ohio|Dayton|397589|-841916|America/New_York|USD
            en|ZA|WC|Western Cape|Stellenbosch|-339321|188602|Africa/Johannesburg|ZAR
            en|IE|L|Leinster|Dublin|533331|-62489|Europe/Dublin|EUR
            en|AU|VIC|Victoria|Geelong|-381471|1443607|Australia/Melbourne|AUD
            en|NZ|AUK|Auckland|Auckland|-368485|1747633|Pacific/Auckland|NZD
            en|CA|ON|Ontario|Kingston|442312|-764860|America/Toronto|CAD
            en|IN|KA|Karnataka|Mysuru|122958|766394|Asia/Kolkata|INR
            de|DE|BE|Land Berlin|Berlin|525196|134069|Europe/Berlin|EUR
            de|DE|BY|Bayern|Fürth|494759|109886|Europe/Berlin|EUR
            de|AT|9|Wien|Wien|482049|163662|Europe/Vienna|EUR
            de|CH|ZH|Zürich|Zürich|473667|85500|Europe/Zurich|CHF
            fr|FR|ARA|Auvergne-Rhône-Alpes|Saint-Étienne|454339|43900|Europe/Paris|EUR
            fr|CA|QC|Québec|Trois-Rivières|463432|-725421|America/Toronto|CAD
            es|ES|GA|Galicia|A Coruña|433713|-83960|Europe/Madrid|EUR
            es|MX|YUC|Yucatán|Mérida|209700|-896200|America/Merida|MXN
            pt|BR|SP|São Paulo|São Carlos|-220175|-478908|America/Sao_Paulo|BRL
            pl|PL|LD|Łódź Voivodeship|Łódź|517592|194560|Europe/Warsaw|PLN
            tr|TR|35|İzmir|İzmir|384192|271287|Europe/Istanbul|TRY
            ru|KZ|75|Алматы|Алматы|432567|769286|Asia/Almaty|KZT
            el|GR|B|Κεντρική Μακεδονία|Θεσσαλονίκη|406401|229444|Europe/Athens|EUR
            ja|JP|27|大阪府|大阪市|346937|1355023|Asia/Tokyo|JPY
            zh|TW|TPE|臺北市|臺北|250330|1215654|Asia/Taipei|TWD
            ko|KR|26|부산광역시|부산|351796|1290756|Asia/Seoul|KRW
            """, "\\|").stream()
                .map(row -> new Place(
                        row[0],
                        row[1],
                        row[2],
                        row[3],
                        row[4],
                        Integer.parseInt(row[5]),
                        Integer.parseInt(row[6]),
                        row[7],
                        row[8]))
                .toList();
    }

    private static List<Device> devices() {
        return rows("""
            Chrome|144.0.0.0|Windows|10|Desktop|1920|1080|Mozilla/5.0 (Windows NT 10.0; Win64; x64)\
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36
            Chrome|143.0.0.0|Mac OS X|10.15.7|Desktop|1728|1117|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)\
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36
            Chrome Mobile|144.0.0.0|Android|16|Phone|412|915|Mozilla/5.0 (Linux; Android 10; K)\
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Mobile Safari/537.36
            Mobile Safari|26.1|iOS|18.6|Phone|393|852|Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)\
             AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1
            Safari|18.5|Mac OS X|10.15.7|Desktop|1512|982|Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)\
             AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15
            Firefox|147.0|Linux|6.1|Desktop|2560|1440|Mozilla/5.0 (X11; Linux x86_64; rv:147.0)\
             Gecko/20100101 Firefox/147.0
            Firefox|140.0|Windows|10|Desktop|1366|768|Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0)\
             Gecko/20100101 Firefox/140.0
            Edge|143.0.0.0|Windows|10|Desktop|1536|864|Mozilla/5.0 (Windows NT 10.0; Win64; x64)\
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0
            Mobile Safari|17.6|iOS|17.6|Tablet|820|1180|Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X)\
             AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1
            Samsung Internet|28.0|Android|14|Phone|384|854|Mozilla/5.0 (Linux; Android 10; K)\
             AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36
            """, "\\|").stream()
                .map(row -> new Device(
                        row[0],
                        row[1],
                        row[2],
                        row[3],
                        row[4],
                        Integer.parseInt(row[5]),
                        Integer.parseInt(row[6]),
                        row[7]))
                .toList();
    }

    private static List<String[]> rows(String table, String separator) {
        return table.lines().map(row -> row.strip().split(separator, -1)).toList();
    }

    private static String percentEncoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-') {
                out.append((char) b);
            } else {
                out.append('%')
                        .append("0123456789ABCDEF".charAt((b >> 4) & 15))
                        .append("0123456789ABCDEF".charAt(b & 15));
            }
        }
        return out.toString();
    }
}
