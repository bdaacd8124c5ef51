package io.waybill.event;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A column of an enriched event. There is one constant for each of the 131, in the order they have on a line; two are
 * equal when they are the same.
 *
 * @param <T> what a value of the column is in Java: {@link String}, {@link Integer}, {@link BigDecimal}, {@link Boolean},
 *     {@link Instant} or {@link UUID}
 */
public final class Field<T> implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    /** How many columns an enriched event has. */
    static final int COUNT = 131;

    private static final Field<?>[] FIELDS = new Field<?>[COUNT];

    /** The application or site that sent the event. */
    public static final Field<String> APP_ID = string(0, "app_id");

    /** The kind of platform that sent the event, such as {@code web}, {@code mob} or {@code srv}. */
    public static final Field<String> PLATFORM = string(1, "platform");

    /** When the pipeline began to enrich the event. */
    public static final Field<Instant> ETL_TSTAMP = timestamp(2, "etl_tstamp");

    /** When the collector received the event. */
    public static final Field<Instant> COLLECTOR_TSTAMP = timestamp(3, "collector_tstamp");

    /** When the event happened by the clock of the device. */
    public static final Field<Instant> DVCE_CREATED_TSTAMP = timestamp(4, "dvce_created_tstamp");

    /** The type of the event, such as {@code page_view}, {@code struct} or {@code unstruct}. */
    public static final Field<String> EVENT = string(5, "event");

    /** The id of the event, which a tracker or the collector gave it. */
    public static final Field<UUID> EVENT_ID = uuid(6, "event_id");

    /** The number by which an old tracker told its requests apart. */
    public static final Field<Integer> TXN_ID = integer(7, "txn_id");

    /** The name of the tracker instance, also called its namespace. */
    public static final Field<String> NAME_TRACKER = string(8, "name_tracker");

    /** The name and version of the tracker. */
    public static final Field<String> V_TRACKER = string(9, "v_tracker");

    /** The name and version of the collector. */
    public static final Field<String> V_COLLECTOR = string(10, "v_collector");

    /** The name and version of the enrichment. */
    public static final Field<String> V_ETL = string(11, "v_etl");

    /** The id of the user that the application set. */
    public static final Field<String> USER_ID = string(12, "user_id");

    /** The IP address of the user, perhaps in part or as a pseudonym. */
    public static final Field<String> USER_IPADDRESS = string(13, "user_ipaddress");

    /** A fingerprint of the user's browser. */
    public static final Field<String> USER_FINGERPRINT = string(14, "user_fingerprint");

    /** The id of the user in a first-party cookie. */
    public static final Field<String> DOMAIN_USERID = string(15, "domain_userid");

    /** How many sessions the user of the first-party cookie has had, this one counted. */
    public static final Field<Integer> DOMAIN_SESSIONIDX = integer(16, "domain_sessionidx");

    /** The id of the user in the collector's cookie. */
    public static final Field<String> NETWORK_USERID = string(17, "network_userid");

    /** The country of the IP address, as an ISO 3166-1 code of two letters. */
    public static final Field<String> GEO_COUNTRY = string(18, "geo_country");

    /** The region of the IP address, as the code of a country's part. */
    public static final Field<String> GEO_REGION = string(19, "geo_region");

    /** The city of the IP address. */
    public static final Field<String> GEO_CITY = string(20, "geo_city");

    /** The postal code of the IP address. */
    public static final Field<String> GEO_ZIPCODE = string(21, "geo_zipcode");

    /** The latitude of the IP address, in degrees. */
    public static final Field<BigDecimal> GEO_LATITUDE = coordinate(22, "geo_latitude");

    /** The longitude of the IP address, in degrees. */
    public static final Field<BigDecimal> GEO_LONGITUDE = coordinate(23, "geo_longitude");

    /** The name of the region of the IP address. */
    public static final Field<String> GEO_REGION_NAME = string(24, "geo_region_name");

    /** The internet provider of the IP address. */
    public static final Field<String> IP_ISP = string(25, "ip_isp");

    /** The organisation to which the IP address is registered. */
    public static final Field<String> IP_ORGANIZATION = string(26, "ip_organization");

    /** The second-level domain of the IP address. */
    public static final Field<String> IP_DOMAIN = string(27, "ip_domain");

    /** The kind of connection of the IP address, such as {@code Cable/DSL}. */
    public static final Field<String> IP_NETSPEED = string(28, "ip_netspeed");

    /** The URL of the page. */
    public static final Field<String> PAGE_URL = string(29, "page_url");

    /** The title of the page. */
    public static final Field<String> PAGE_TITLE = string(30, "page_title");

    /** The URL of the page before, the referrer. */
    public static final Field<String> PAGE_REFERRER = string(31, "page_referrer");

    /** The scheme of the page's URL, such as {@code https}. */
    public static final Field<String> PAGE_URLSCHEME = string(32, "page_urlscheme");

    /** The host of the page's URL. */
    public static final Field<String> PAGE_URLHOST = string(33, "page_urlhost");

    /** The port of the page's URL, that of its scheme where it names none. */
    public static final Field<Integer> PAGE_URLPORT = integer(34, "page_urlport");

    /** The path of the page's URL. */
    public static final Field<String> PAGE_URLPATH = string(35, "page_urlpath");

    /** The query of the page's URL, without its question mark. */
    public static final Field<String> PAGE_URLQUERY = string(36, "page_urlquery");

    /** The fragment of the page's URL, without its number sign. */
    public static final Field<String> PAGE_URLFRAGMENT = string(37, "page_urlfragment");

    /** The scheme of the referrer's URL. */
    public static final Field<String> REFR_URLSCHEME = string(38, "refr_urlscheme");

    /** The host of the referrer's URL. */
    public static final Field<String> REFR_URLHOST = string(39, "refr_urlhost");

    /** The port of the referrer's URL. */
    public static final Field<Integer> REFR_URLPORT = integer(40, "refr_urlport");

    /** The path of the referrer's URL. */
    public static final Field<String> REFR_URLPATH = string(41, "refr_urlpath");

    /** The query of the referrer's URL, without its question mark. */
    public static final Field<String> REFR_URLQUERY = string(42, "refr_urlquery");

    /** The fragment of the referrer's URL, without its number sign. */
    public static final Field<String> REFR_URLFRAGMENT = string(43, "refr_urlfragment");

    /** The kind of the referrer, such as {@code search}, {@code social} or {@code internal}. */
    public static final Field<String> REFR_MEDIUM = string(44, "refr_medium");

    /** The name of the referrer where it is a known one, such as that of a search engine. */
    public static final Field<String> REFR_SOURCE = string(45, "refr_source");

    /** What was searched for on the referrer. */
    public static final Field<String> REFR_TERM = string(46, "refr_term");

    /** The kind of marketing that brought the user, such as {@code cpc} or {@code email}. */
    public static final Field<String> MKT_MEDIUM = string(47, "mkt_medium");

    /** Where the campaign ran, such as the name of a newsletter. */
    public static final Field<String> MKT_SOURCE = string(48, "mkt_source");

    /** The keyword of the campaign. */
    public static final Field<String> MKT_TERM = string(49, "mkt_term");

    /** The content or id of the advertisement. */
    public static final Field<String> MKT_CONTENT = string(50, "mkt_content");

    /** The name or id of the campaign. */
    public static final Field<String> MKT_CAMPAIGN = string(51, "mkt_campaign");

    /** The custom entities of the event, as the self-describing JSON that holds them. */
    public static final Field<String> CONTEXTS = contexts(52, "contexts");

    /** The category of a structured event. */
    public static final Field<String> SE_CATEGORY = string(53, "se_category");

    /** The action of a structured event. */
    public static final Field<String> SE_ACTION = string(54, "se_action");

    /** The label of a structured event, often what was acted on. */
    public static final Field<String> SE_LABEL = string(55, "se_label");

    /** The property of a structured event, often of the action or its object. */
    public static final Field<String> SE_PROPERTY = string(56, "se_property");

    /** The value of a structured event. */
    public static final Field<BigDecimal> SE_VALUE = decimal(57, "se_value");

    /** The self-describing event, as the self-describing JSON that holds it. */
    public static final Field<String> UNSTRUCT_EVENT = unstructEvent(58, "unstruct_event");

    /** The order of a transaction. */
    public static final Field<String> TR_ORDERID = string(59, "tr_orderid");

    /** The shop or partner through which a transaction was made. */
    public static final Field<String> TR_AFFILIATION = string(60, "tr_affiliation");

    /** The total of a transaction, in {@link #TR_CURRENCY}. */
    public static final Field<BigDecimal> TR_TOTAL = decimal(61, "tr_total");

    /** The tax of a transaction, in {@link #TR_CURRENCY}. */
    public static final Field<BigDecimal> TR_TAX = decimal(62, "tr_tax");

    /** The cost of delivery of a transaction, in {@link #TR_CURRENCY}. */
    public static final Field<BigDecimal> TR_SHIPPING = decimal(63, "tr_shipping");

    /** The city to which a transaction is delivered. */
    public static final Field<String> TR_CITY = string(64, "tr_city");

    /** The state or province to which a transaction is delivered. */
    public static final Field<String> TR_STATE = string(65, "tr_state");

    /** The country to which a transaction is delivered. */
    public static final Field<String> TR_COUNTRY = string(66, "tr_country");

    /** The order to which a transaction's item belongs. */
    public static final Field<String> TI_ORDERID = string(67, "ti_orderid");

    /** The article number of a transaction's item. */
    public static final Field<String> TI_SKU = string(68, "ti_sku");

    /** The name of a transaction's item. */
    public static final Field<String> TI_NAME = string(69, "ti_name");

    /** The category of a transaction's item. */
    public static final Field<String> TI_CATEGORY = string(70, "ti_category");

    /** The price of one of a transaction's item, in {@link #TI_CURRENCY}. */
    public static final Field<BigDecimal> TI_PRICE = decimal(71, "ti_price");

    /** How many of a transaction's item were bought. */
    public static final Field<Integer> TI_QUANTITY = integer(72, "ti_quantity");

    /** The least horizontal scroll offset since the last page ping, in pixels. */
    public static final Field<Integer> PP_XOFFSET_MIN = integer(73, "pp_xoffset_min");

    /** The greatest horizontal scroll offset since the last page ping, in pixels. */
    public static final Field<Integer> PP_XOFFSET_MAX = integer(74, "pp_xoffset_max");

    /** The least vertical scroll offset since the last page ping, in pixels. */
    public static final Field<Integer> PP_YOFFSET_MIN = integer(75, "pp_yoffset_min");

    /** The greatest vertical scroll offset since the last page ping, in pixels. */
    public static final Field<Integer> PP_YOFFSET_MAX = integer(76, "pp_yoffset_max");

    /** The user agent as the browser sent it. */
    public static final Field<String> USERAGENT = string(77, "useragent");

    /** The name of the browser. */
    public static final Field<String> BR_NAME = string(78, "br_name");

    /** The family of the browser. */
    public static final Field<String> BR_FAMILY = string(79, "br_family");

    /** The version of the browser. */
    public static final Field<String> BR_VERSION = string(80, "br_version");

    /** The kind of the browser, such as {@code Browser} or {@code Robot}. */
    public static final Field<String> BR_TYPE = string(81, "br_type");

    /** The engine with which the browser renders. */
    public static final Field<String> BR_RENDERENGINE = string(82, "br_renderengine");

    /** The language that the browser is set to. */
    public static final Field<String> BR_LANG = string(83, "br_lang");

    /** Whether the browser shows PDF. */
    public static final Field<Boolean> BR_FEATURES_PDF = bool(84, "br_features_pdf");

    /** Whether the browser has Flash. */
    public static final Field<Boolean> BR_FEATURES_FLASH = bool(85, "br_features_flash");

    /** Whether the browser has Java. */
    public static final Field<Boolean> BR_FEATURES_JAVA = bool(86, "br_features_java");

    /** Whether the browser has Adobe Shockwave. */
    public static final Field<Boolean> BR_FEATURES_DIRECTOR = bool(87, "br_features_director");

    /** Whether the browser has QuickTime. */
    public static final Field<Boolean> BR_FEATURES_QUICKTIME = bool(88, "br_features_quicktime");

    /** Whether the browser has RealPlayer. */
    public static final Field<Boolean> BR_FEATURES_REALPLAYER = bool(89, "br_features_realplayer");

    /** Whether the browser has Windows Media Player. */
    public static final Field<Boolean> BR_FEATURES_WINDOWSMEDIA = bool(90, "br_features_windowsmedia");

    /** Whether the browser has Google Gears. */
    public static final Field<Boolean> BR_FEATURES_GEARS = bool(91, "br_features_gears");

    /** Whether the browser has Silverlight. */
    public static final Field<Boolean> BR_FEATURES_SILVERLIGHT = bool(92, "br_features_silverlight");

    /** Whether the browser takes cookies. */
    public static final Field<Boolean> BR_COOKIES = bool(93, "br_cookies");

    /** The colour depth of the browser's screen, in bits per pixel. */
    public static final Field<String> BR_COLORDEPTH = string(94, "br_colordepth");

    /** The width of the browser's viewport, in pixels. */
    public static final Field<Integer> BR_VIEWWIDTH = integer(95, "br_viewwidth");

    /** The height of the browser's viewport, in pixels. */
    public static final Field<Integer> BR_VIEWHEIGHT = integer(96, "br_viewheight");

    /** The name of the operating system. */
    public static final Field<String> OS_NAME = string(97, "os_name");

    /** The family of the operating system. */
    public static final Field<String> OS_FAMILY = string(98, "os_family");

    /** The maker of the operating system. */
    public static final Field<String> OS_MANUFACTURER = string(99, "os_manufacturer");

    /** The time zone that the operating system is set to. */
    public static final Field<String> OS_TIMEZONE = string(100, "os_timezone");

    /** The kind of the device, such as {@code Computer} or {@code Mobile}. */
    public static final Field<String> DVCE_TYPE = string(101, "dvce_type");

    /** Whether the device is a mobile one. */
    public static final Field<Boolean> DVCE_ISMOBILE = bool(102, "dvce_ismobile");

    /** The width of the device's screen, in pixels. */
    public static final Field<Integer> DVCE_SCREENWIDTH = integer(103, "dvce_screenwidth");

    /** The height of the device's screen, in pixels. */
    public static final Field<Integer> DVCE_SCREENHEIGHT = integer(104, "dvce_screenheight");

    /** The character encoding of the page. */
    public static final Field<String> DOC_CHARSET = string(105, "doc_charset");

    /** The width of the page, in pixels. */
    public static final Field<Integer> DOC_WIDTH = integer(106, "doc_width");

    /** The height of the page, in pixels. */
    public static final Field<Integer> DOC_HEIGHT = integer(107, "doc_height");

    /** The currency of a transaction, as an ISO 4217 code. */
    public static final Field<String> TR_CURRENCY = string(108, "tr_currency");

    /** The total of a transaction, in {@link #BASE_CURRENCY}. */
    public static final Field<BigDecimal> TR_TOTAL_BASE = decimal(109, "tr_total_base");

    /** The tax of a transaction, in {@link #BASE_CURRENCY}. */
    public static final Field<BigDecimal> TR_TAX_BASE = decimal(110, "tr_tax_base");

    /** The cost of delivery of a transaction, in {@link #BASE_CURRENCY}. */
    public static final Field<BigDecimal> TR_SHIPPING_BASE = decimal(111, "tr_shipping_base");

    /** The currency of a transaction's item, as an ISO 4217 code. */
    public static final Field<String> TI_CURRENCY = string(112, "ti_currency");

    /** The price of one of a transaction's item, in {@link #BASE_CURRENCY}. */
    public static final Field<BigDecimal> TI_PRICE_BASE = decimal(113, "ti_price_base");

    /** The currency to which the enrichment converts, as an ISO 4217 code. */
    public static final Field<String> BASE_CURRENCY = string(114, "base_currency");

    /** The time zone of the IP address. */
    public static final Field<String> GEO_TIMEZONE = string(115, "geo_timezone");

    /** The id that an advertising network gave the click. */
    public static final Field<String> MKT_CLICKID = string(116, "mkt_clickid");

    /** The advertising network that gave the click its id. */
    public static final Field<String> MKT_NETWORK = string(117, "mkt_network");

    /** Tags of the run of the enrichment, as JSON. */
    public static final Field<String> ETL_TAGS = string(118, "etl_tags");

    /** When the device sent the event, by the clock of the device. */
    public static final Field<Instant> DVCE_SENT_TSTAMP = timestamp(119, "dvce_sent_tstamp");

    /** The {@link #DOMAIN_USERID} on the site whose link led here. */
    public static final Field<String> REFR_DOMAIN_USERID = string(120, "refr_domain_userid");

    /** When the link on the other site was followed, by the clock of the device. */
    public static final Field<Instant> REFR_DVCE_TSTAMP = timestamp(121, "refr_dvce_tstamp");

    /** The entities which the enrichment added, as the self-describing JSON that holds them. */
    public static final Field<String> DERIVED_CONTEXTS = contexts(122, "derived_contexts");

    /** The id of the session of the first-party cookie. */
    public static final Field<String> DOMAIN_SESSIONID = string(123, "domain_sessionid");

    /** When the event happened, by the device's clock as corrected by the collector's. */
    public static final Field<Instant> DERIVED_TSTAMP = timestamp(124, "derived_tstamp");

    /** The vendor of the event's schema. */
    public static final Field<String> EVENT_VENDOR = string(125, "event_vendor");

    /** The name of the event's schema. */
    public static final Field<String> EVENT_NAME = string(126, "event_name");

    /** The format of the event's schema, such as {@code jsonschema}. */
    public static final Field<String> EVENT_FORMAT = string(127, "event_format");

    /** The version of the event's schema, such as {@code 1-0-0}. */
    public static final Field<String> EVENT_VERSION = string(128, "event_version");

    /** A hash of what was sent, by which duplicates are found. */
    public static final Field<String> EVENT_FINGERPRINT = string(129, "event_fingerprint");

    /** When the event happened, as the application says that it knows. */
    public static final Field<Instant> TRUE_TSTAMP = timestamp(130, "true_tstamp");

    private static final List<Field<?>> ALL = List.of(FIELDS);
    private static final Map<String, Field<?>> BY_COLUMN = byColumn();

    /** What a column holds, and so how it is checked and written. */
    enum Kind {
        STRING,
        UUID,
        INT,
        DECIMAL,
        DOUBLE,
        BOOLEAN,
        TIMESTAMP,
        CONTEXTS,
        UNSTRUCT_EVENT;

        /** Whether the JSON value is the column's text between quotes. */
        boolean isQuoted() {
            return this == STRING || this == UUID || this == TIMESTAMP;
        }
    }

    private final String column;
    private final transient int index;
    private final transient Kind kind;
    private final transient Class<T> type;

    private Field(int index, String column, Kind kind, Class<T> type) {
        this.index = index;
        this.column = column;
        this.kind = kind;
        this.type = type;
    }

    private static <T> Field<T> field(int index, String column, Kind kind, Class<T> type) {
        Field<T> field = new Field<>(index, column, kind, type);
        FIELDS[index] = field;
        return field;
    }

    private static Field<String> string(int index, String column) {
        return field(index, column, Kind.STRING, String.class);
    }

    private static Field<UUID> uuid(int index, String column) {
        return field(index, column, Kind.UUID, UUID.class);
    }

    private static Field<Integer> integer(int index, String column) {
        return field(index, column, Kind.INT, Integer.class);
    }

    private static Field<BigDecimal> decimal(int index, String column) {
        return field(index, column, Kind.DECIMAL, BigDecimal.class);
    }

    private static Field<BigDecimal> coordinate(int index, String column) {
        return field(index, column, Kind.DOUBLE, BigDecimal.class);
    }

    private static Field<Boolean> bool(int index, String column) {
        return field(index, column, Kind.BOOLEAN, Boolean.class);
    }

    private static Field<Instant> timestamp(int index, String column) {
        return field(index, column, Kind.TIMESTAMP, Instant.class);
    }

    private static Field<String> contexts(int index, String column) {
        return field(index, column, Kind.CONTEXTS, String.class);
    }

    private static Field<String> unstructEvent(int index, String column) {
        return field(index, column, Kind.UNSTRUCT_EVENT, String.class);
    }

    private static Map<String, Field<?>> byColumn() {
        Map<String, Field<?>> fields = new HashMap<>(2 * COUNT);
        for (Field<?> field : FIELDS) {
            fields.put(field.column, field);
        }
        fields.put("refr_device_tstamp", REFR_DVCE_TSTAMP);
        return fields;
    }

    /**
     * All columns.
     *
     * @return the 131 constants in the order of the columns; the list cannot be changed
     */
    public static List<Field<?>> all() {
        return ALL;
    }

    /**
     * The column of a name.
     *
     * @param column a name as {@link #column()} has it, or {@code refr_device_tstamp}, which some SDKs write for {@code
     *     refr_dvce_tstamp}
     * @return the constant
     * @throws IllegalArgumentException if no column has that name; the message tells the name that comes nearest
     */
    public static Field<?> of(String column) {
        Field<?> field = BY_COLUMN.get(column);
        if (field == null) {
            String unknown = Utf8.clip(column, BadRow.VALUE_CODE_POINTS);
            throw new IllegalArgumentException(
                    "enriched events have no column '%s', the name that comes nearest is '%s'"
                            .formatted(unknown, nearest(unknown)));
        }
        return field;
    }

    private static String nearest(String unknown) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (Field<?> field : FIELDS) {
            int edits = edits(unknown, field.column);
            if (edits < least) {
                least = edits;
                nearest = field.column;
            }
        }
        return nearest;
    }

    /** How many characters must be added, dropped or changed to make one text of the other. */
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[other.length()];
    }

    /**
     * The column's place on the line.
     *
     * @return from 0 to 130
     */
    public int index() {
        return index;
    }

    /**
     * The column's name, which is its key in the JSON too.
     *
     * @return such as {@code app_id}
     */
    public String column() {
        return column;
    }

    /**
     * What a value of the column is in Java.
     *
     * @return the class of {@code T}
     */
    public Class<T> type() {
        return type;
    }

    Kind kind() {
        return kind;
    }

    /** The constant again: a column is stored by its name. */
    @Serial
    private Object readResolve() {
        return of(column);
    }

    /** The column's name. */
    @Override
    public String toString() {
        return column;
    }
}
