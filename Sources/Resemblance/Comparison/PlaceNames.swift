// Names in scripts without capitals: countries, provinces, cities, and what stands beside the word for an office. In an
// announcement of a few sentences one of them is the news; any other word that was exchanged may be an edit.

enum PlaceNames {
    /// Whether the words of the range are a place, or the name of an office by the words beside them.
    static func isNamed(_ passage: Passage, _ range: Range<Int>) -> Bool {
        if contains(passage.quote(range)) || isBeforeOffice(passage, range.upperBound) { return true }
        if range.count > 1, isBeforeOffice(passage, range.upperBound - 1) { return true }
        return letters(passage, range.lowerBound - 1).map(titles.contains) == true
    }

    /// Whether the word at `index` ends the name of an office or of a district.
    static func isBeforeOffice(_ passage: Passage, _ index: Int) -> Bool {
        letters(passage, index).map(offices.contains) == true
    }

    static func contains(_ name: String) -> Bool { places.contains(name) }

    private static func letters(_ passage: Passage, _ index: Int) -> String? {
        passage.words.indices.contains(index) ? passage.quote(index..<index + 1) : nil
    }

    /// What the name of an office, or of a district, ends with in Chinese and Japanese.
    private static let offices: Set<String> = Set("部省市县区国局院厅委队州郡岛港社党府県町村駅".map(String.init))
    /// What stands before it in Arabic.
    private static let titles: Set<String> = [
        "وزارة", "وزير", "وزيرة", "الوزارة", "مدينة", "محافظة", "محافظ", "دولة", "جمهورية", "رئيس", "منتخب", "نادي",
    ]

    private static let places: Set<String> = Set(
        """
        中国 美国 俄罗斯 法国 德国 英国 意大利 西班牙 葡萄牙 日本 韩国 朝鲜 印度 巴西 埃及 阿根廷 智利 秘鲁 墨西哥 加拿大 古巴 委内瑞拉
        哥伦比亚 厄瓜多尔 玻利维亚 乌拉圭 澳大利亚 新西兰 印度尼西亚 马来西亚 新加坡 泰国 越南 老挝 柬埔寨 缅甸 菲律宾 文莱 东帝汶 蒙古
        尼泊尔 不丹 孟加拉国 斯里兰卡 马尔代夫 巴基斯坦 阿富汗 伊朗 伊拉克 叙利亚 黎巴嫩 约旦 以色列 巴勒斯坦 沙特 沙特阿拉伯 也门 阿曼
        阿联酋 卡塔尔 巴林 科威特 土耳其 哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 阿塞拜疆 亚美尼亚 格鲁吉亚 乌克兰
        白俄罗斯 波兰 捷克 斯洛伐克 匈牙利 罗马尼亚 保加利亚 塞尔维亚 克罗地亚 斯洛文尼亚 希腊 塞浦路斯 马耳他 奥地利 瑞士 比利时 荷兰
        卢森堡 丹麦 瑞典 挪威 芬兰 冰岛 爱尔兰 爱沙尼亚 拉脱维亚 立陶宛 摩洛哥 阿尔及利亚 突尼斯 利比亚 苏丹 南苏丹 埃塞俄比亚 肯尼亚
        乌干达 坦桑尼亚 卢旺达 布隆迪 刚果 安哥拉 赞比亚 津巴布韦 莫桑比克 纳米比亚 博茨瓦纳 南非 马达加斯加 毛里求斯 尼日利亚 加纳
        塞内加尔 马里 尼日尔 乍得 喀麦隆 加蓬 多哥 贝宁 几内亚 斐济 萨摩亚 汤加
        北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃
        青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 广州 深圳 杭州 南京 武汉 成都 西安 沈阳 大连 长春 哈尔滨 济南 青岛 郑州 长沙 南昌
        合肥 福州 厦门 昆明 贵阳 南宁 海口 三亚 兰州 西宁 银川 乌鲁木齐 拉萨 石家庄 太原 呼和浩特 苏州 宁波 温州 雄安
        东京 大阪 首尔 平壤 莫斯科 伦敦 巴黎 柏林 罗马 马德里 华盛顿 纽约 布鲁塞尔 日内瓦 维也纳 开罗 新德里 河内 曼谷 雅加达
        東京 大阪 京都 横浜 名古屋 福岡 札幌 神戸 仙台 広島 中国 韓国 米国 英国 台湾 香港 ロシア フランス ドイツ イギリス イタリア スペイン
        アメリカ インド カナダ ブラジル オーストラリア
        مصر السعودية العراق سوريا لبنان الأردن تونس المغرب الجزائر ليبيا الصين روسيا اليمن عمان قطر البحرين الكويت الإمارات السودان فلسطين
        إسرائيل إيران تركيا فرنسا ألمانيا بريطانيا إيطاليا إسبانيا اليابان الهند باكستان أفغانستان أوكرانيا أمريكا الصومال موريتانيا
        القاهرة الرياض بغداد دمشق بيروت صنعاء الدوحة المنامة مسقط أبوظبي دبي الخرطوم طرابلس الرباط عدن غزة القدس طهران أنقرة موسكو باريس
        لندن برلين واشنطن حلب الموصل البصرة الإسكندرية جدة
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
