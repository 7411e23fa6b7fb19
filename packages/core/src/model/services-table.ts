/**
 * Well-known services of the IANA Service Name and Transport Protocol Port Number Registry (RFC 6335), as
 * `port:name/alias` in lower case with blanks around. Where a name has several ports, the usual one comes first.
 */
export const IANA_SERVICES = {
  both: `
    8080:http-alt 1:tcpmux 5:rje 7:echo 9:discard 11:systat 13:daytime 17:qotd 18:msp 19:chargen 20:ftp-data
    21:ftp 22:ssh 23:telnet 25:smtp 37:time 42:nameserver/name 43:nicname 49:tacacs 53:domain
    63:whois++/whoispp 67:bootps 68:bootpc 69:tftp 70:gopher 79:finger 80:http/www/www-http 88:kerberos
    95:supdup 98:tacnews 101:hostname 102:iso-tsap 104:acr-nema 105:cso/csnet-ns 107:rtelnet 109:pop2 110:pop3
    111:sunrpc 115:sftp 117:uucp-path 118:sqlserv 119:nntp 123:ntp 135:epmap 137:netbios-ns 138:netbios-dgm
    139:netbios-ssn 156:sqlsrv 161:snmp 162:snmptrap 163:cmip-man 164:cmip-agent 170:print-srv 174:mailq
    177:xdmcp 178:nextstep 179:bgp 191:prospero 194:irc 199:smux 201:at-rtmp 202:at-nbp 204:at-echo 206:at-zis
    209:qmtp 210:z39.50/z39-50 213:ipx 220:imap3 259:esro-gen 262:arcisdms 264:bgmp 280:http-mgmt
    308:novastorbakcup 318:pkix-timestamp 319:ptp-event 320:ptp-general 322:rtsps 345:pawserv 346:zserv
    350:matip-type-a 366:odmr 369:rpc2portmap 371:clearcase 383:hp-alarm-mgr 387:aurp 389:ldap 401:ups
    407:timbuktu 427:svrloc 433:nnsp 434:mobileip-agent 443:https 444:snpp 445:microsoft-ds 464:kpasswd
    475:tcpnethaspsrv 487:saft 488:gss-http 496:pim-rp-disc 497:retrospect 500:isakmp 502:mbap 504:citadel
    510:fcp 515:printer 517:talk 518:ntalk 521:ripng 523:ibm-db2 524:ncp 525:timed 526:tempo 530:courier
    531:conference 532:netnews 533:netwall 540:uucp 541:uucp-rlogin 543:klogin 544:kshell 546:dhcpv6-client
    547:dhcpv6-server 548:afpovertcp 554:rtsp 556:remotefs 563:nntps 564:9pfs 587:submission 591:http-alt
    593:http-rpc-epmap 601:syslog-conn 604:tunnel 607:nqs 628:qmqp 636:ldaps 639:msdp 646:ldp
    647:dhcp-failover 648:rrp 653:repscmd 655:tinc 660:mac-srvr-admin 666:doom/mdqs 674:acap 683:corba-iiop
    684:corba-iiop-ssl 691:msexch-routing 694:ha-cluster 695:ieee-mms-ssl 698:olsr 700:epp 701:lmp 706:silc
    712:tbrpf 749:kerberos-adm 754:tell 765:webster 767:phonebook 777:multiling-http 829:pkix-3-ca-ra
    830:netconf-ssh 831:netconf-beep 832:netconfsoaphttp 833:netconfsoapbeep 847:dhcp-failover2 848:gdoi
    853:domain-s 854:dlep 860:iscsi 873:rsync 900:omginitialrefs 901:smpnameres 910:kink 911:xact-backup
    912:apex-mesh 913:apex-edge 989:ftps-data 990:ftps 991:nas 992:telnets 995:pop3s 1080:socks
    1099:rmiregistry 1112:icp 1194:openvpn 1214:kazaa 1220:qt-serveradmin 1241:nessus 1270:opsmgr 1311:rxmon
    1334:writesrv 1344:icap 1352:lotusnote 1414:ibm-mqseries 1433:ms-sql-s 1434:ms-sql-m 1494:ica
    1503:imtc-mcs 1512:wins 1521:ncube-lm 1524:ingreslock 1525:orasrv/prospero-np 1527:tlisrv
    1533:virtual-places 1547:laplink 1589:vqp 1604:icabrowser 1645:sightline 1646:sa-msg-port
    1666:netview-aix-6 1677:groupwise 1688:nsjtp-data 1701:l2tp/l2f 1718:h323gatedisc 1719:h323gatestat
    1720:h323hostcall 1723:pptp 1755:ms-streaming 1801:msmq 1812:radius 1813:radius-acct 1863:msnp 1883:mqtt
    1900:ssdp 1935:macromedia-fcs 1947:sentinelsrm 1967:sns-quote 1972:intersys-cache 1984:bb 1985:hsrp
    1993:snmp-tcp-port 1998:x25-svc-port 2000:cisco-sccp 2049:nfs/shilp 2086:gnunet 2101:rtcm-sc104
    2102:zephyr-srv 2103:zephyr-clt 2104:zephyr-hm 2121:scientia-ssdb 2123:gtp-control 2152:gtp-user
    2181:eforward 2190:tivoconnect 2273:mysql-im 2368:opentable 2382:ms-olap3 2383:ms-olap4 2404:iec-104
    2427:mgcp-gateway 2432:codasrv 2483:ttc 2484:ttc-ssl 2535:madcap 2598:citriximaclient 2600:hpstgmgr
    2601:discp-client 2602:discp-server 2603:servicemeter 2604:nsc-ccs 2605:nsc-posa 2606:netmon
    2607:connection 2608:wag-service 2628:dict 2638:sybaseanywhere 2727:mgcp-callagent 2775:smpp 2784:www-dev
    2809:corbaloc 2811:gsiftp 2869:icslap 2944:megaco-h248 2945:h248-binary 2947:gpsd 2948:wap-push
    2967:ssc-agent 3020:cifs 3050:gds-db 3074:xbox 3128:ndl-aas 3130:icpv2 3205:isns 3225:fcip-port
    3260:iscsi-target 3268:msft-gc 3269:msft-gc-ssl 3305:odette-ftp 3306:mysql 3343:ms-cluster-net
    3351:btrieve 3372:tip2 3389:ms-wbt-server 3401:filecast 3412:xmlblaster 3455:prsvp 3456:vat
    3478:stun/turn/stun-behavior 3479:twrpc 3483:slim-devices 3493:nut 3503:lsp-ping 3517:802-11-iapp
    3537:ni-visa-remote 3544:teredo 3551:apcupsd 3632:distcc 3659:apple-sasl 3671:efcp 3689:daap 3690:svn
    3702:ws-discovery 3724:blizwow 3784:bfd-control 3785:bfd-echo 3799:radius-dynauth 3810:wlanauth
    3825:ffserver 3826:warmux 3899:itv-control 4000:terabase 4011:altserviceboot 4031:suucp 4045:npp 4096:bre
    4111:xgrid 4116:smartcard-tls 4160:jini-discovery 4172:pcoip 4321:rwhois 4353:f5-iquery 4369:epmd
    4444:krb524/nv-video 4500:ipsec-nat-t 4554:msfrs 4559:hylafax 4569:iax 4662:oms 4730:gearman 4739:ipfix
    4740:ipfixs 4827:htcp 4843:opcua-tls 4848:appserv-http 4899:radmin-port 4949:munin 5000:commplex-main
    5001:commplex-link 5002:rfe 5003:fmpro-internal 5004:avt-profile-1 5005:avt-profile-2 5006:wsm-server
    5009:winfs 5010:telelpathstart 5050:mmcc 5051:ita-agent 5060:sip 5061:sips 5093:sentinel-lm 5150:atmp
    5151:esri-sde 5154:bzflag 5190:aol 5193:aol-3 5223:hpvirtgrp 5298:presence 5349:stuns/turns/stun-behaviors
    5353:mdns 5354:mdnsresponder 5355:llmnr 5357:wsdapi 5358:wsdapi-s 5363:net-projection 5402:mftp
    5405:netsupport 5431:park-agent 5432:postgresql 5433:pyrrho 5500:fcp-addr-srvr1 5540:matter
    5554:sgi-esphttp 5555:personal-agent 5556:freeciv 5631:pcanywheredata 5632:pcanywherestat 5671:amqps
    5672:amqp 5673:jms 5674:hyperscsi-port 5679:dccm 5683:coap 5684:coaps 5688:ggz 5722:msdfsr 5723:omhs
    5767:s-openmail 5813:icmpd 5859:wherehoo 5900:rfb 5963:indy 5984:couchdb 5985:wsman 5986:wsmans
    5988:wbem-http 5989:wbem-https 5999:cvsup 6064:ndl-ahp-svc 6110:softcm 6111:spc 6112:dtspcd
    6123:backup-express 6222:radmind 6343:sflow 6346:gnutella-svc 6347:gnutella-rtr 6443:sun-sr-https
    6444:sge-qmaster 6445:sge-execd 6446:mysql-proxy 6502:boks-servm 6514:syslog-tls 6566:sane-port
    6619:odette-ftps 6622:mcftp 6623:ktelnet 6653:openflow 6888:muse 7000:afs3-fileserver 7001:afs3-callback
    7002:afs3-prserver 7003:afs3-vlserver 7004:afs3-kaserver 7005:afs3-volser 7006:afs3-errors 7007:afs3-bos
    7008:afs3-update 7009:afs3-rmtsys 7010:ups-onlinet 7070:arcp 7080:empowerid 7100:font-service
    7400:rtps-discovery 7401:rtps-dd-ut 7402:rtps-dd-mt 7443:oracleas-https 7500:silhouette 7547:cwmp
    7627:soap-http 7648:cuseeme 7676:imqbrokerd 7677:sun-user-https 7680:ms-do 7777:cbt 7845:apc-7845
    7846:apc-7846 8000:irdmi 8001:vcom-tunnel 8002:teradataordbms 8003:mcreport 8005:mxi 8008:http-alt
    8021:intu-ec-client 8022:oa-system 8025:ca-audit-da 8026:ca-audit-ds 8052:senomix01 8053:senomix02
    8074:gadugadu 8081:sunproxyadmin 8082:us-cli 8083:us-srv 8086:d-s-n 8087:simplifymedia 8088:radan-http
    8097:sac 8100:xprint-server 8115:mtl8000-matrix 8116:cp-cluster 8118:privoxy 8160:patrol 8161:patrol-snmp
    8182:vmware-fdm 8192:spytechphone 8194:blp1 8200:trivnet1 8201:trivnet2 8243:synapse-nhttps
    8280:synapse-nhttp 8292:blp3 8300:tmi 8400:cvd 8401:sabarsd 8402:abarsd 8403:admind 8442:cybro-a-bus
    8443:pcsync-https 8444:pcsync-http 8450:npmp 8472:otv 8473:vp2p 8500:fmtp 8554:rtsp-alt 8600:asterix
    8610:canon-mfnp 8611:canon-bjnp1 8612:canon-bjnp2 8613:canon-bjnp3 8614:canon-bjnp4 8686:sun-as-jmxrmi
    8733:ibus 8765:ultraseek-http 8786:msgclnt 8787:msgsrvr 8800:sunwebadmin 8873:dxspider 8880:cddbp-alt
    8883:secure-mqtt 8899:ospf-lite 8980:nod-provider 8989:sunwebadmins 8990:http-wmap 8991:https-wmap
    8999:bctp 9000:cslistener 9001:etlservicemgr 9002:dynamid 9020:tambora 9080:glrpc 9084:aurora
    9085:ibm-rsyscon 9086:net2display 9087:classic 9088:sqlexec 9089:sqlexec-ssl 9090:websm
    9091:xmltec-xmlmail 9100:pdl-datastream/hp-pdl-datastr 9101:bacula-dir 9102:bacula-fd 9103:bacula-sd
    9104:peerwire 9105:xadmin 9160:apani1 9191:sun-as-jpda 9200:wap-wsp 9201:wap-wsp-wtp 9202:wap-wsp-s
    9203:wap-wsp-wtp-s 9204:wap-vcard 9205:wap-vcal 9206:wap-vcard-s 9207:wap-vcal-s 9208:rjcdb-vcards
    9209:almobile-system 9210:oma-mlp 9217:fsc-port 9222:teamcoherence 9255:mon 9278:pegasus 9281:swtp-port1
    9282:swtp-port2 9400:sec-t4net-srv 9418:git 9443:tungsten-https 9444:wso2esb-console 9500:ismserver
    9535:mngsuite 9593:cba8 9595:pds 9600:micromuse-ncpw 9618:condor 9667:xmms2 9695:ccnx 9750:board-voip
    9753:rasadv 9762:tungsten-http 9800:davsrc 9801:sstp-2 9802:davsrcs 9875:sapv1 9888:cyborg-systems
    9898:monkeycom 9900:iua 9950:apc-9950 9987:dsm-scm-target 9990:osm-appsrvr 9992:palace-1 9993:palace-2
    9998:distinct32 9999:distinct 10000:ndmp 10001:scp-config 10050:zabbix-agent 10051:zabbix-trapper
    10080:amanda 10110:nmea-0183 10260:axis-wimp-port 10990:rmiaux 11095:weave 11111:vce 11112:dicom
    11161:suncacao-snmp 11162:suncacao-jmxmp 11163:suncacao-rmi 11164:suncacao-csa 11211:memcache 11319:imip
    11371:hkp 12345:italk 13720:bprd 13721:bpdbm 13722:bpjava-msvc 13724:vnetd 13782:bpcd 13783:vopied
    15000:hydap 16992:amt-soap-http 16993:amt-soap-https 16994:amt-redir-tcp 16995:amt-redir-tls
    18463:ac-cluster 18634:rds-ib 18635:rds-ip 19283:keysrvr 19315:keyshadow 19398:mtrgtrans 19410:hp-sco
    19541:jcp 19999:dnp-sec 20000:dnp 20048:mountd 20049:nfsrdma 22273:wnn6 24242:filesphere 24465:tonidods
    24554:binkp 26000:quake 27442:jesmsjc 28000:nxlmd 30260:kingdomsonline 31457:tetrinet 32768:filenet-tms
    33434:traceroute 34964:profinet-cm 38201:galaxy7-data 40841:cscp 41794:crestron-cip 41795:crestron-ctp
    47557:dbbrowse 47808:bacnet 48000:nimcontroller 48128:isnetserv 48556:com-bardac-dw 48619:iqobject
  `,
  tcp: `
    113:auth/ident 143:imap 465:submissions/urd 512:exec 513:login 514:shell 520:efs 623:oob-ws-http
    631:ipp/ipps 750:rfile 775:entomb 861:owamp-control 862:twamp-control 888:cddbp/accessbuilder 953:rndc
    993:imaps 2375:docker 2376:docker-s 2377:swarm 2379:etcd-client 2380:etcd-server 3300:ceph 3868:diameter
    4190:sieve 4786:smart-install 4840:opcua-tcp 5101:talarian-tcp 5222:xmpp-client 5269:xmpp-server
    5280:xmpp-bosh 5445:smbdirect 5666:nrpe 5696:kmip 5868:diameters 6084:reload-config 6379:redis
    6432:pgbouncer 6513:netconf-tls 6556:checkmk-agent 6640:ovsdb 6697:ircs-u 7474:neo4j 7626:simco
    7672:imqstomp 7673:imqstomps 7687:bolt 8006:wpl-analytics 8009:nvme-disc 8042:fs-agent 8051:rocrail
    8070:ucs-isc 8084:websnp 8090:opsmessaging 8091:jamlink 8140:puppet 8181:intermapper 8270:robot-remote
    8470:cisco-avp 8471:pim-port 8501:cmtp-mgt 8665:monetra 8666:monetra-admin 8888:ddi-tcp-1 8889:ddi-tcp-2
    8891:ddi-tcp-4 8953:ub-dns-control 9106:astergate 9306:sphinxql 9312:sphinxapi 9339:gnmi-gnoi 9340:gribi
    9345:rancher 9389:adws 9390:otp 9559:p4runtime 9876:sd 17500:db-lsp 18104:radpdf 19998:iec-104-sec
    22222:easyengine 25604:idtp 26257:cockroach 27017:mongodb 32400:plex 41121:tentacle 44123:z-wave-tunnel
    44323:pmwebapi 49000:matahari
  `,
  udp: `
    113:auth 465:igmpv3lite 512:comsat/biff 513:who 514:syslog 520:router 623:asf-rmcp 631:ipp
    750:loadav/kerberos-iv 775:acmaint-transd 861:owamp-test 862:twamp-test 888:accessbuilder 4789:vxlan
    4790:vxlan-gpe 4791:roce 4840:opcua-udp 5101:talarian-udp 5246:capwap-control 5247:capwap-data 5351:pcp
    6080:gue 6081:geneve 8006:wpl-disc 8501:cmtp-av 8888:ddi-udp-1 8889:ddi-udp-2 8891:ddi-udp-4
    9106:astergate-disc 9899:sctp-tunneling 9901:enrp 17500:db-lsp-disc 19788:mle
  `,
} as const
