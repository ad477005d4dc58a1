// The commonest words of the languages that are told apart by words.

extension Language {
    /// The languages that are told apart by words, in the order of their bits.
    package static let codes = [
        "en", "de", "fr", "es", "it", "pt", "nl", "da", "no", "sv", "fi", "is", "pl", "cs", "sk", "hu", "ro", "tr",
        "id", "vi", "lt", "lv", "et", "hr", "sl", "sq", "sw", "ca", "ru", "uk", "bg", "sr", "be", "mk", "ar", "fa",
    ]

    package static let words: [String] = [
        "the of and to in is that was for on with as by at from his has said have it were which would but not are be will this who been after their they we had its about more than other when new two first year people into over won",
        "der die und den von das mit dem sich des im für auf ist nicht ein eine auch es an werden hat dass sie nach wird bei zu",
        "le la les des et en du un une est que dans qui par pour au sur pas plus ne ce avec il sont été aux son cette mais ou",
        "el la de que y los en del se las un por con para una su al es lo como más pero sus ha fue este entre también según",
        "di il che la e del per un in una è non della con sono dei al da le si nel più alla come anche gli ha ma delle dal",
        "de que o a e do da em um para os com não uma na no se dos as por mais ao como das foi à pelo mas são ou seu pela",
        "de het een van en in is dat op te zijn voor met die niet aan er ook als maar om bij door naar uit wordt over nog",
        "og i at det en er til af på de for den med som ikke har et om fra var men han vi også kan skal efter ved blev mod nu",
        "og i det på en er til av for som at med ikke de har den et om fra var men han vi også kan skal etter ved ble seg nå",
        "och i att det på en är av för som till med den inte de har ett om från var men han vi också kan ska efter vid sig nu",
        "ja on ei että se oli hän mutta myös kun ovat joka mukaan kuin sen olla tai ole vuoden jos niin mitä jo hänen",
        "og að í er á sem það til um við hann var með en ekki af fyrir hún því hafa þess eru verið hefur þeir þá eftir frá",
        "w i na z się do nie że jest to o od po jak przez dla za jego są oraz ze co ale które był tym ich roku który",
        "a v se na je že to s z do o i za si ve pro ale jako od po které podle jsou který byl by také aby jeho už let",
        "a v sa na je že to s z do o aj za si vo pre ale ako od po ktoré podľa sú ktorý bol by tiež aby jeho už rokov",
        "a az és hogy nem is egy volt de meg ez ha már csak el még azt mint vagy azonban szerint ki kell lesz után között",
        "de și în a la cu pe din să nu o care că este un mai pentru fost au sunt al prin ce lui se ai dar după această",
        "ve bir bu da de için ile olarak olan daha çok en gibi kadar sonra ancak ise olduğu göre değil ne her dedi yeni",
        "yang dan di ini itu dengan untuk dari pada tidak dalam akan juga ke telah oleh adalah ada sebagai mereka kepada bisa",
        "và của là có trong cho không được với các một những người này đã từ khi đến cũng ở ông vào tại năm theo đó sau",
        "ir kad į iš su yra tai buvo ne kaip apie bet dėl taip už pat dar po tik jis nuo jų metų savo per ar kurie sakė",
        "un ir ka no uz par ar kas bija arī bet tas pēc gada kā tika vai to lai nav viņš savu gan pie ko jau līdz",
        "ja on et ei see oli ka kui ning mis aga ta seda või oma selle kes pärast nii eesti juba veel olid nende välja",
        "i je u se na da su za od s koji a te to nije kao što bi ili iz će bio ali koje nakon sve ima prema još bila",
        "in je v na se za da so ki z s pa tudi je bil po pri ne kot od še bi ter ki več lahko bo že med zaradi do",
        "të e në dhe për me një nga së që i si ka është nuk më u do por janë ai kjo kanë duke tij ky pas edhe",
        "ya na kwa wa katika ni za la hiyo huo cha kuwa hayo ambao amesema watu mwaka pia hilo wakati kutoka huku baada yake",
        "de la que el i en a les del els un per una amb és es al no ha són com més va també seva aquest aquesta dels pel",
        "и в на что не с по как его он из это для к от о за а было до был также которые при году но же их так сообщил",
        "і в на що не з та у до як за його про від для по це він із які був але також року після є її було під",
        "и на в да се за от не са с е по като че ще към през го до има беше той след това или във които няма също",
        "и у је на се да су за не од са као који што је из о а то до ће би али или није био након због још само",
        "і ў на што не з у да як за яго па для ад пра быў гэта таксама але які якія ён яны было ці паводле гэтага",
        "на и во се да од за со не е што го ќе како по ги беше тоа кои до дека но или има биде бил која нема",
        "في من على إلى أن التي عن مع هذا الذي ما لا هذه بعد كان قال كما بين قد وقال خلال عام لم أو ذلك كل",
        "و در به از که این را با است برای آن یک خود تا بر هم نیز می شد شده گفت ها کرد باید اما بود دو وی",
    ]
}
