"""The CMS families of the Vietnamese press."""

from datetime import date

from spiders.families import Family

IMS = Family(
    name="ims",
    version="2022",
    since=date(2022, 1, 1),
    marks=("detail-content", "afcbc-body"),
    title=("h1.detail-title", "h1[data-role=title]", "h1.article-title", "h1"),
    summary=("h2.detail-sapo", "[data-role=sapo]", "p.detail-sapo"),
    body=("div.detail-content.afcbc-body", "div[data-role=content]", "div.detail-cmain"),
    byline=(
        "div.detail-author-bot a.name",
        "div.detail-author-bot .name",
        ".detail-author",
        "[data-role=author]",
    ),
    published=("[data-role=publishdate]", "div.detail-time", "time"),
    noise=(
        "div.VCSortableInPreviewMode",
        ".link-inline-content",
        ".seo-suggest-link",
        ".kbwscwlrl-content",
        "#listNewsInContent",
        ".knc-relate-wrapper",
        "[type=RelatedOneNews]",
        "[type=RelatedNews]",
        "[type=Photo]",
        "zone",
    ),
    hosts=(
        "tuoitre.vn",
        "thanhnien.vn",
        "baochinhphu.vn",
        "nld.com.vn",
        "kenh14.vn",
        "cafef.vn",
        "soha.vn",
        "suckhoedoisong.vn",
        "xaydungchinhsach.chinhphu.vn",
    ),
)

ZCE = Family(
    name="zce",
    version="2022",
    since=date(2022, 1, 1),
    marks=("zce-content-body",),
    title=("h1.article__title.cms-title", "h1.article__title", "h1.cms-title"),
    summary=(".article__sapo.cms-desc", ".article__sapo", ".cms-desc"),
    body=("div.article__body.zce-content-body", "div.zce-content-body", "[itemprop=articleBody]"),
    byline=(".article__author.cms-author", ".article__author .name", ".article__author"),
    published=(".article__meta time", "time.time[datetime]", "time[datetime]"),
    noise=(
        ".article-relate",
        ".article__related",
        ".notebox.cms-note",
        ".cms-relate",
        ".article-photo .caption",
        "article.story",
    ),
    hosts=(
        "nhandan.vn",
        "vietnamplus.vn",
        "tienphong.vn",
        "sggp.org.vn",
        "plo.vn",
        "anninhthudo.vn",
        "daidoanket.vn",
    ),
)

VNEXPRESS = Family(
    name="vnexpress",
    version="2017",
    since=date(2017, 1, 1),
    marks=("fck_detail", "title-detail"),
    title=("h1.title-detail", "h1.title_news_detail", "h1"),
    summary=("p.description", "h2.description", "h3.short_intro"),
    body=("article.fck_detail", "div.fck_detail"),
    byline=(
        "article.fck_detail p.author_mail",
        "p.author_mail",
        "article.fck_detail > p[style*='text-align:right'] strong",
        "article.fck_detail > p[style*='text-align:right']",
        "article.fck_detail > p[style*='text-align: right']",
    ),
    published=("meta[name=pubdate]", "meta[name=its_publication]", "span.date", "span.time"),
    modified=("meta[name=lastmod]", "meta[name=article_updatetime]"),
    noise=(
        "p.author_mail",
        "p[style*='text-align:right']",
        "p[style*='text-align: right']",
        "ul.list-news",
        ".box-tinlienquanv2",
        ".list_link",
        ".box_brief_info",
        ".tplCaption",
        ".Image",
        ".location-stamp",
    ),
    hosts=("vnexpress.net",),
)

VNEXPRESS_OLD = Family(
    name="vnexpress",
    version="2013",
    since=date(2013, 1, 1),
    marks=("fck_detail",),
    title=("div.title_news h1", "h1.title_news_detail", "h1"),
    summary=("div.short_intro", "h2.short_intro", "h3.short_intro"),
    body=("div.fck_detail", "article.content_detail"),
    byline=(
        ".author_mail",
        "div.fck_detail > p[style*='text-align:right']",
        "div.fck_detail > p[style*='text-align: right']",
    ),
    published=("div.block_timer", "span.time", ".block_timer_share"),
    noise=("p[style*='text-align:right']", ".author_mail", ".tplCaption", ".list_news_dot_3x3"),
    hosts=("vnexpress.net",),
)

DANTRI = Family(
    name="dantri",
    version="2026",
    since=date(2026, 1, 1),
    marks=("desktop-in-article",),
    title=("article[data-slot=container] h1", "h1"),
    summary=("article[data-slot=container] h2", "[data-slot=sapo]"),
    body=("#desktop-in-article[data-slot=content]", "article [data-slot=content]"),
    byline=("[data-slot=author]", ".author-name"),
    published=("article time[datetime]", "time[datetime]"),
    hosts=("dantri.com.vn",),
)

DANTRI_2022 = Family(
    name="dantri",
    version="2022",
    since=date(2022, 1, 1),
    marks=("singular-content",),
    title=("h1.title-page.detail", "h1.title-page", "h1"),
    summary=("h2.singular-sapo", ".singular-sapo"),
    body=("div.singular-content",),
    byline=("div.author-name a", "div.author-name", ".author-name"),
    published=("time.author-time[datetime]", "time.author-time"),
    noise=(".article-related", ".dt-news__related", "[data-content-related]"),
    hosts=("dantri.com.vn",),
)

DANTRI_2020 = Family(
    name="dantri",
    version="2020",
    since=date(2020, 1, 1),
    marks=("dt-news__content",),
    title=("h1.dt-news__title",),
    summary=("div.dt-news__sapo h2", ".dt-news__sapo"),
    body=("div.dt-news__content",),
    byline=(".dt-news__author",),
    published=("span.dt-news__time",),
    hosts=("dantri.com.vn",),
)

DANTRI_2018 = Family(
    name="dantri",
    version="2018",
    since=date(2018, 1, 1),
    marks=("divNewsContent",),
    title=("h1",),
    summary=("h2.sapo", "h2"),
    body=("#divNewsContent",),
    published=("span.tt-capitalize", "span.fr.fon7"),
    hosts=("dantri.com.vn",),
)

VIETNAMNET = Family(
    name="vietnamnet",
    version="2022",
    since=date(2022, 1, 1),
    marks=("maincontent", "content-detail"),
    title=("h1.content-detail-title",),
    summary=("h2.content-detail-sapo", ".content-detail-sapo"),
    body=("div#maincontent.maincontent", "div.maincontent.main-content"),
    byline=(
        ".article-detail-author__info .name",
        ".article-detail-author__main .name",
        ".article-detail-author__main",
        ".article-detail-author .name",
    ),
    published=(".bread-crumb-detail__time", ".publish-date"),
    noise=(
        "div.ck-cms-insert-neww-group",
        "article.article-edit",
        ".articles-edit",
        ".article-edit",
        ".ck-cms-wiki-news-full",
        ".vnn-template-noneditable",
    ),
    hosts=("vietnamnet.vn",),
)

VIETNAMNET_2019 = Family(
    name="vietnamnet",
    version="2019",
    since=date(2019, 1, 1),
    marks=("ArticleContent",),
    title=("h1.title", "h1"),
    summary=(".bold.ArticleLead", ".ArticleLead"),
    body=("#ArticleContent", "div.ArticleDetail"),
    byline=("p.article-author", ".bo-article-author"),
    published=(".ArticleDate",),
    noise=(".article-relate", ".inner-article", "table.ImageBox"),
    hosts=("vietnamnet.vn",),
)

QDND = Family(
    name="qdnd",
    version="2020",
    since=date(2020, 1, 1),
    marks=("post-title", "post-subinfo"),
    title=("h1.post-title",),
    summary=(".post-summary", "h2.post-summary"),
    body=("div[itemprop=articleBody]", "div.post-content"),
    byline=(".post-author", "p.author"),
    published=("span.post-subinfo",),
    hosts=("qdnd.vn",),
)

CAND = Family(
    name="cand",
    version="2020",
    since=date(2020, 1, 1),
    marks=("detail-content-body", "box-title-detail"),
    title=("h1.box-title-detail.entry-title", "h1.box-title-detail"),
    summary=(".box-des-detail", "h2"),
    body=("div.detail-content-body",),
    byline=(".box-author", ".author"),
    published=("div.box-date",),
    hosts=("cand.com.vn",),
)

VOVWORLD = Family(
    name="vovworld",
    version="2020",
    since=date(2020, 1, 1),
    marks=("text-long", "article-title"),
    title=("h1.article-title",),
    body=("div.text-long",),
    published=("div.col-md-4.mb-2",),
    hosts=("vovworld.vn",),
)

VOV = Family(
    name="vov",
    version="2021",
    since=date(2021, 1, 1),
    marks=("article-content", "article-title", "vov.vn"),
    title=("h1.article-title", ".article-title h1", "h1"),
    summary=(".article-summary", ".article-sapo"),
    body=("div.article-content", "div.article-body"),
    byline=(".article-author a", ".article-author"),
    published=(".article-date", ".article-meta time[datetime]", "time[datetime]"),
    noise=(".article-related", ".article-tools", ".article-tags"),
    hosts=("vov.vn",),
)

LAODONG_2018 = Family(
    name="laodong",
    version="2018",
    since=date(2018, 1, 1),
    marks=("section-n2", "article-content"),
    title=("section.section-n2 h1", "h1"),
    summary=("section.section-n2 p.abs", "section.section-n2 .abs"),
    body=("section.section-n2 div.article-content",),
    byline=("section.section-n2 .author",),
    published=("section.section-n2 time", "section.section-n2 .time"),
    hosts=("laodong.vn",),
)

VIETNAMESE_FAMILIES: tuple[Family, ...] = (
    IMS,
    ZCE,
    VNEXPRESS,
    VNEXPRESS_OLD,
    DANTRI,
    DANTRI_2022,
    DANTRI_2020,
    DANTRI_2018,
    VIETNAMNET,
    VIETNAMNET_2019,
    QDND,
    CAND,
    VOVWORLD,
    VOV,
    LAODONG_2018,
)
