"""The CMS families of the international press, and those that sites everywhere share."""

from dataclasses import replace
from datetime import UTC, date

from spiders.families import Family

ARC = Family(
    name="arc",
    version="2021",
    since=date(2021, 1, 1),
    marks=("article-body__content__",),
    title=("article h1", "h1"),
    body=("div[class*='article-body__content__']",),
    byline=("article header a[rel=author]", "article header a[href*='/authors/']"),
    published=("meta[name='article:published_time']", "header time[datetime]"),
    noise=(
        "div[class*='article-body__element__']",
        "[data-testid=ResponsiveAdSlot]",
        "[data-testid=Body]:not([data-testid^=paragraph])",
        "[class*='article-body__row']",
        "[class*='toolbar']",
        "[class*='sign-off']",
        "[class*='trust-badge']",
    ),
    hosts=("reuters.com",),
    zone=UTC,
)

REUTERS_2019 = Family(
    name="arc",
    version="2019",
    since=date(2017, 1, 1),
    marks=("StandardArticleBody_body",),
    title=("h1.ArticleHeader_headline", "h1"),
    body=("div.StandardArticleBody_body",),
    byline=("div.BylineBar_byline a", ".BylineBar_byline"),
    published=("div.ArticleHeader_date",),
    noise=(
        "[class*='Image_container']",
        "[class*='PrimaryAsset_container']",
        "[class*='Attribution_container']",
        "[class*='trustBadge']",
        "[class*='dianomi']",
        "[class*='slideshow']",
    ),
    hosts=("reuters.com",),
    zone=UTC,
)

REUTERS_2020 = Family(
    name="arc",
    version="2020",
    since=date(2019, 12, 1),
    marks=("ArticleBody-", "ArticleHeader-headline"),
    title=("h1[class*='ArticleHeader-headline']", "h1"),
    body=("[class*='ArticlePage-body-container']", "[class*='ArticleBody-container']"),
    byline=("[class*='Byline-author']",),
    published=("[class*='ArticleHeader-date']",),
    noise=(
        "[class*='RelatedCoverage']",
        "[class*='StoryItem']",
        "[class*='ad-slot']",
        "[class*='read-time']",
        "[class*='Byline-']",
        "[class*='Attribution']",
        "[class*='TrustBadge']",
        "[class*='Slideshow']",
        "[class*='ArticleHeader-']",
    ),
    hosts=("reuters.com",),
    zone=UTC,
)

REUTERS_2011 = Family(
    name="arc",
    version="2011",
    since=date(2011, 1, 1),
    marks=("articleText",),
    title=(".article h1", "h1"),
    body=("#articleText",),
    byline=(".byline a", ".byline"),
    published=("span.timestamp", ".timestamp"),
    noise=(".relatedTopics", ".relatedPhoto", ".linebreak"),
    hosts=("reuters.com",),
    zone=UTC,
)

BBC = Family(
    name="bbc",
    version="2023",
    since=date(2023, 1, 1),
    marks=('data-component="text-block"',),
    title=("article h1", "h1"),
    body=("article",),
    byline=("[data-testid=byline-new-contributors] span", "[data-component=byline-block] strong"),
    published=("article time[datetime]",),
    noise=(
        "[data-component=headline-block]",
        "[data-component=byline-block]",
        "[data-component=image-block]",
        "[data-component=caption-block]",
        "[data-component=links-block]",
        "[data-component=tags]",
        "[data-component=tag-list-block]",
        "[data-component=ad-slot]",
        "[data-component=promo-block]",
        "[data-component=media-block]",
        "[data-component=video-block]",
        "[data-testid=ad-unit]",
    ),
    hosts=("bbc.com", "bbc.co.uk"),
    zone=UTC,
)

BBC_WORLD_SERVICE = Family(
    name="bbc",
    version="2020-world-service",
    since=date(2020, 1, 1),
    marks=("simorgh", "<main"),
    title=("h1#content", "main h1", "h1"),
    body=("main[role=main]", "main"),
    byline=("[class*=byline] li span", "section[role=region] ul li span"),
    published=("main time[datetime]", "time[datetime]"),
    noise=(
        "h1",
        "time",
        "section[role=region]",
        "[data-e2e=related-content-block]",
        "[data-e2e=recommendations-heading]",
        "[data-e2e=promo]",
        "p.e1hq59l0",
    ),
    hosts=("bbc.com",),
    zone=UTC,
)

BBC_2015 = Family(
    name="bbc",
    version="2015",
    since=date(2015, 1, 1),
    marks=("story-body__inner",),
    title=("h1.story-body__h1",),
    summary=("p.story-body__introduction",),
    body=("div.story-body__inner",),
    byline=("span.byline__name",),
    published=("div.date[data-seconds]", "div.date"),
    noise=("figure", ".story-body__unordered-list", ".story-body__inner > div"),
    hosts=("bbc.com", "bbc.co.uk"),
    zone=UTC,
)

AP = Family(
    name="ap",
    version="2023",
    since=date(2023, 1, 1),
    marks=("RichTextStoryBody",),
    title=(),
    body=("div.RichTextStoryBody",),
    byline=("div.Page-authors .Link", "div.Page-authors a", "div.Page-authors span"),
    published=("meta[property='article:published_time']",),
    noise=(
        ".Advertisement",
        "div[class*=Enhancement]",
        ".Infobox",
        "bsp-carousel",
        "bsp-list-loadmore",
    ),
    hosts=("apnews.com",),
    zone=UTC,
)

AP_2019 = Family(
    name="ap",
    version="2019",
    since=date(2018, 1, 1),
    marks=("WireStory", "CardHeadline"),
    title=(),
    body=("div.Article",),
    byline=("span[class*=Component-bylines]",),
    published=("span.Timestamp[data-source]",),
    hosts=("apnews.com",),
    zone=UTC,
)

WORDPRESS = Family(
    name="wordpress",
    version="6",
    marks=("wp-content",),
    title=("h1.entry-title", "h1.wp-block-post-title", "h1.article__title", "h1"),
    body=(
        "div.wp-block-post-content",
        "div.entry-content",
        "div.article-content",
        "div.post-content",
        "div.post__content",
        "div.td-post-content",
    ),
    byline=("header .author.vcard a", ".entry-meta .author a", "header a[rel=author]"),
    published=("time.entry-date.published[datetime]", "time[datetime]"),
    modified=("time.updated[datetime]",),
    noise=(
        ".sharedaddy",
        ".jp-relatedposts",
        ".ad-unit",
        ".wp-block-buttons",
        ".wp-block-embed",
        ".embed",
        ".conveyor",
        ".gallery",
        "[class*=newsletter]",
        "[class*=marfeel]",
        "[class*=post-picker]",
    ),
    zone=UTC,
)

WORDPRESS_PLAIN = replace(WORDPRESS, version="6-plain", marks=("entry-content", "entry-title"))

ARC_THEMES = Family(
    name="arc",
    version="themes",
    since=date(2022, 1, 1),
    marks=("b-article-body",),
    title=("h1.b-headline", "h1"),
    summary=("h2.b-subheadline", ".b-subheadline"),
    body=("article.b-article-body", ".b-article-body"),
    byline=(".b-byline__names a", ".b-byline__names"),
    published=("time.b-date[datetime]", "time[datetime]"),
    noise=(".b-ads-block", ".c-media-item", "[class*=related]", "[class*=newsletter]"),
    hosts=("rfa.org",),
    zone=UTC,
)

PANGEA = Family(
    name="pangea",
    version="2016",
    since=date(2016, 1, 1),
    marks=("pg-title", "wsw"),
    title=("h1.pg-title", "h1"),
    body=("#article-content div.wsw", "div.wsw"),
    byline=(".links__item-link",),
    published=(".published time[datetime]", "time[datetime]"),
    noise=(".media-block", ".wsw__embed", ".c-author", "[class*=also-read]"),
    hosts=("voatiengviet.com", "voanews.com"),
    zone=UTC,
)

DRUPAL = Family(
    name="drupal",
    version="8",
    since=date(2015, 11, 1),
    marks=("field--name-body",),
    title=("h1.page-title", "h1 .field--name-title", "h1.page-header", "h1"),
    body=("article .field--name-body", ".field--name-body"),
    byline=(".field--name-field-author", ".node__submitted [property=schema\\:name]"),
    published=(".field--name-created time[datetime]", "time[datetime]"),
    noise=(".field--name-field-related", ".embedded-entity", ".media--type-image"),
)

DRUPAL_7 = Family(
    name="drupal",
    version="7",
    since=date(2011, 1, 1),
    marks=("field-name-body",),
    title=("h1#page-title", "h1.title", "h1"),
    body=(".node .field-name-body", ".field-name-body"),
    byline=(".field-name-field-author", ".submitted .username"),
    published=(".submitted [content]", ".field-name-post-date", ".submitted time[datetime]"),
    noise=(".field-name-field-related", ".field-name-field-image"),
)

MICRODATA = Family(
    name="microdata",
    version="1",
    marks=("articleBody",),
    title=("[itemprop=headline]", "h1"),
    body=("[itemprop=articleBody]",),
    byline=("[itemprop=author] [itemprop=name]", "[itemprop=author]"),
    published=("[itemprop=datePublished]",),
    modified=("[itemprop=dateModified]",),
)

WORLD_FAMILIES: tuple[Family, ...] = (
    ARC_THEMES,
    ARC,
    REUTERS_2020,
    REUTERS_2019,
    REUTERS_2011,
    BBC,
    BBC_WORLD_SERVICE,
    BBC_2015,
    AP,
    AP_2019,
    WORDPRESS,
    WORDPRESS_PLAIN,
    PANGEA,
    DRUPAL,
    DRUPAL_7,
    MICRODATA,
)
