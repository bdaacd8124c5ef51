package io.waybill.event;

import java.util.Locale;

/** The columns of an enriched event, in the order they have on a line. */
enum Field {
    APP_ID(Type.STRING),
    PLATFORM(Type.STRING),
    ETL_TSTAMP(Type.TIMESTAMP),
    COLLECTOR_TSTAMP(Type.TIMESTAMP),
    DVCE_CREATED_TSTAMP(Type.TIMESTAMP),
    EVENT(Type.STRING),
    EVENT_ID(Type.UUID),
    TXN_ID(Type.INT),
    NAME_TRACKER(Type.STRING),
    V_TRACKER(Type.STRING),
    V_COLLECTOR(Type.STRING),
    V_ETL(Type.STRING),
    USER_ID(Type.STRING),
    USER_IPADDRESS(Type.STRING),
    USER_FINGERPRINT(Type.STRING),
    DOMAIN_USERID(Type.STRING),
    DOMAIN_SESSIONIDX(Type.INT),
    NETWORK_USERID(Type.STRING),
    GEO_COUNTRY(Type.STRING),
    GEO_REGION(Type.STRING),
    GEO_CITY(Type.STRING),
    GEO_ZIPCODE(Type.STRING),
    GEO_LATITUDE(Type.DOUBLE),
    GEO_LONGITUDE(Type.DOUBLE),
    GEO_REGION_NAME(Type.STRING),
    IP_ISP(Type.STRING),
    IP_ORGANIZATION(Type.STRING),
    IP_DOMAIN(Type.STRING),
    IP_NETSPEED(Type.STRING),
    PAGE_URL(Type.STRING),
    PAGE_TITLE(Type.STRING),
    PAGE_REFERRER(Type.STRING),
    PAGE_URLSCHEME(Type.STRING),
    PAGE_URLHOST(Type.STRING),
    PAGE_URLPORT(Type.INT),
    PAGE_URLPATH(Type.STRING),
    PAGE_URLQUERY(Type.STRING),
    PAGE_URLFRAGMENT(Type.STRING),
    REFR_URLSCHEME(Type.STRING),
    REFR_URLHOST(Type.STRING),
    REFR_URLPORT(Type.INT),
    REFR_URLPATH(Type.STRING),
    REFR_URLQUERY(Type.STRING),
    REFR_URLFRAGMENT(Type.STRING),
    REFR_MEDIUM(Type.STRING),
    REFR_SOURCE(Type.STRING),
    REFR_TERM(Type.STRING),
    MKT_MEDIUM(Type.STRING),
    MKT_SOURCE(Type.STRING),
    MKT_TERM(Type.STRING),
    MKT_CONTENT(Type.STRING),
    MKT_CAMPAIGN(Type.STRING),
    CONTEXTS(Type.CONTEXTS),
    SE_CATEGORY(Type.STRING),
    SE_ACTION(Type.STRING),
    SE_LABEL(Type.STRING),
    SE_PROPERTY(Type.STRING),
    SE_VALUE(Type.DECIMAL),
    UNSTRUCT_EVENT(Type.UNSTRUCT_EVENT),
    TR_ORDERID(Type.STRING),
    TR_AFFILIATION(Type.STRING),
    TR_TOTAL(Type.DECIMAL),
    TR_TAX(Type.DECIMAL),
    TR_SHIPPING(Type.DECIMAL),
    TR_CITY(Type.STRING),
    TR_STATE(Type.STRING),
    TR_COUNTRY(Type.STRING),
    TI_ORDERID(Type.STRING),
    TI_SKU(Type.STRING),
    TI_NAME(Type.STRING),
    TI_CATEGORY(Type.STRING),
    TI_PRICE(Type.DECIMAL),
    TI_QUANTITY(Type.INT),
    PP_XOFFSET_MIN(Type.INT),
    PP_XOFFSET_MAX(Type.INT),
    PP_YOFFSET_MIN(Type.INT),
    PP_YOFFSET_MAX(Type.INT),
    USERAGENT(Type.STRING),
    BR_NAME(Type.STRING),
    BR_FAMILY(Type.STRING),
    BR_VERSION(Type.STRING),
    BR_TYPE(Type.STRING),
    BR_RENDERENGINE(Type.STRING),
    BR_LANG(Type.STRING),
    BR_FEATURES_PDF(Type.BOOLEAN),
    BR_FEATURES_FLASH(Type.BOOLEAN),
    BR_FEATURES_JAVA(Type.BOOLEAN),
    BR_FEATURES_DIRECTOR(Type.BOOLEAN),
    BR_FEATURES_QUICKTIME(Type.BOOLEAN),
    BR_FEATURES_REALPLAYER(Type.BOOLEAN),
    BR_FEATURES_WINDOWSMEDIA(Type.BOOLEAN),
    BR_FEATURES_GEARS(Type.BOOLEAN),
    BR_FEATURES_SILVERLIGHT(Type.BOOLEAN),
    BR_COOKIES(Type.BOOLEAN),
    BR_COLORDEPTH(Type.STRING),
    BR_VIEWWIDTH(Type.INT),
    BR_VIEWHEIGHT(Type.INT),
    OS_NAME(Type.STRING),
    OS_FAMILY(Type.STRING),
    OS_MANUFACTURER(Type.STRING),
    OS_TIMEZONE(Type.STRING),
    DVCE_TYPE(Type.STRING),
    DVCE_ISMOBILE(Type.BOOLEAN),
    DVCE_SCREENWIDTH(Type.INT),
    DVCE_SCREENHEIGHT(Type.INT),
    DOC_CHARSET(Type.STRING),
    DOC_WIDTH(Type.INT),
    DOC_HEIGHT(Type.INT),
    TR_CURRENCY(Type.STRING),
    TR_TOTAL_BASE(Type.DECIMAL),
    TR_TAX_BASE(Type.DECIMAL),
    TR_SHIPPING_BASE(Type.DECIMAL),
    TI_CURRENCY(Type.STRING),
    TI_PRICE_BASE(Type.DECIMAL),
    BASE_CURRENCY(Type.STRING),
    GEO_TIMEZONE(Type.STRING),
    MKT_CLICKID(Type.STRING),
    MKT_NETWORK(Type.STRING),
    ETL_TAGS(Type.STRING),
    DVCE_SENT_TSTAMP(Type.TIMESTAMP),
    REFR_DOMAIN_USERID(Type.STRING),
    REFR_DVCE_TSTAMP(Type.TIMESTAMP),
    DERIVED_CONTEXTS(Type.CONTEXTS),
    DOMAIN_SESSIONID(Type.STRING),
    DERIVED_TSTAMP(Type.TIMESTAMP),
    EVENT_VENDOR(Type.STRING),
    EVENT_NAME(Type.STRING),
    EVENT_FORMAT(Type.STRING),
    EVENT_VERSION(Type.STRING),
    EVENT_FINGERPRINT(Type.STRING),
    TRUE_TSTAMP(Type.TIMESTAMP);

    /** What a column holds, and so how it is checked and written. */
    enum Type {
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

    private final Type type;
    private final String column;

    Field(Type type) {
        this.type = type;
        this.column = name().toLowerCase(Locale.ROOT);
    }

    /** The column's place on the line, from 0. */
    @SuppressWarnings("EnumOrdinal") // the order of the constants is the order of the columns, and a test holds it so
    int index() {
        return ordinal();
    }

    /** The column's name, which is its key in the JSON too. */
    String column() {
        return column;
    }

    Type type() {
        return type;
    }
}
