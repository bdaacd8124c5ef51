package io.waybill.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A column of the enriched event, as the peers need to know it. */
record Column(String name, Type type) {

    /** What a column holds. */
    enum Type {
        TEXT,
        INT,
        NUMBER,
        BOOLEAN,
        TIMESTAMP,
        ENTITIES,
        ENTITY
    }

    /** All of them in the order of the line; text where nothing else is said. */
    static final List<Column> ALL =
            Arrays.stream("""
            app_id platform etl_tstamp:timestamp collector_tstamp:timestamp dvce_created_tstamp:timestamp event
            event_id txn_id:int name_tracker v_tracker v_collector v_etl user_id user_ipaddress user_fingerprint
            domain_userid domain_sessionidx:int network_userid geo_country geo_region geo_city geo_zipcode
            geo_latitude:number geo_longitude:number geo_region_name ip_isp ip_organization ip_domain ip_netspeed
            page_url page_title page_referrer page_urlscheme page_urlhost page_urlport:int page_urlpath
            page_urlquery page_urlfragment refr_urlscheme refr_urlhost refr_urlport:int refr_urlpath refr_urlquery
            refr_urlfragment refr_medium refr_source refr_term mkt_medium mkt_source mkt_term mkt_content
            mkt_campaign contexts:entities se_category se_action se_label se_property se_value:number
            unstruct_event:entity tr_orderid tr_affiliation tr_total:number tr_tax:number
            tr_shipping:number tr_city tr_state tr_country ti_orderid ti_sku ti_name ti_category ti_price:number
            ti_quantity:int pp_xoffset_min:int pp_xoffset_max:int pp_yoffset_min:int pp_yoffset_max:int useragent
            br_name br_family br_version br_type br_renderengine br_lang br_features_pdf:boolean
            br_features_flash:boolean br_features_java:boolean br_features_director:boolean
            br_features_quicktime:boolean br_features_realplayer:boolean br_features_windowsmedia:boolean
            br_features_gears:boolean br_features_silverlight:boolean br_cookies:boolean br_colordepth
            br_viewwidth:int br_viewheight:int os_name os_family os_manufacturer os_timezone dvce_type
            dvce_ismobile:boolean dvce_screenwidth:int dvce_screenheight:int doc_charset doc_width:int
            doc_height:int tr_currency tr_total_base:number tr_tax_base:number tr_shipping_base:number
            ti_currency ti_price_base:number base_currency geo_timezone mkt_clickid mkt_network etl_tags
            dvce_sent_tstamp:timestamp refr_domain_userid refr_dvce_tstamp:timestamp derived_contexts:entities
            domain_sessionid derived_tstamp:timestamp event_vendor event_name event_format event_version
            event_fingerprint true_tstamp:timestamp
            """.strip().split("\\s+", -1)).map(Column::parse).toList();

    static final int CONTEXTS = indexOf("contexts");
    static final int DERIVED_CONTEXTS = indexOf("derived_contexts");
    static final int LATITUDE = indexOf("geo_latitude");
    static final int LONGITUDE = indexOf("geo_longitude");

    private static Column parse(String word) {
        String[] parts = word.split(":", 2);
        return new Column(parts[0], parts.length == 1 ? Type.TEXT : Type.valueOf(parts[1].toUpperCase(Locale.ROOT)));
    }

    /** The place of a column on the line, from 0. */
    static int indexOf(String name) {
        return ALL.stream().map(Column::name).toList().indexOf(name);
    }
}
