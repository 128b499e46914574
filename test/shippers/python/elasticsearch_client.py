"""What the tests ask of Elastic's own Python client: python3 elasticsearch_client.py URL INDEX DOCUMENTS"""

import json
import sys

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import bulk, scan

url, index, documents = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = Elasticsearch(url, request_timeout=60)


def line(number):
    return {
        "@timestamp": f"2026-11-28T10:{number // 60 % 60:02}:{number % 60:02}Z",
        "message": "Peer lost" if number % 2 == 0 else "Block imported",
        "client": {"name": "geth" if number % 3 == 0 else "reth"},
        "number": number,
    }


told = {"tagline": client.info()["tagline"]}
client.indices.put_index_template(
    name=index,
    index_patterns=[f"{index}*"],
    data_stream={},
    priority=500,
    template={"mappings": {"properties": {"client": {"properties": {"name": {"type": "keyword"}}}}}},
)
told["indexed"], told["errors"] = bulk(
    client,
    ({"_op_type": "create", "_index": index, "_source": line(number)} for number in range(documents)),
    chunk_size=300,
    refresh="wait_for",
)

answer = client.search(
    index=index,
    query={"match": {"message": "lost"}},
    aggs={"clients": {"terms": {"field": "client.name"}, "aggs": {"most": {"max": {"field": "number"}}}}},
    sort=[{"number": "desc"}],
    size=2,
    track_total_hits=True,
)
told["lost"] = answer["hits"]["total"]["value"]
told["newest"] = [hit["_source"]["number"] for hit in answer["hits"]["hits"]]
told["clients"] = {
    bucket["key"]: [bucket["doc_count"], bucket["most"]["value"]]
    for bucket in answer["aggregations"]["clients"]["buckets"]
}

told["scanned"] = sorted(hit["_source"]["number"] for hit in scan(client, index=index, size=200))

point = client.open_point_in_time(index=index, keep_alive="1m")["id"]
client.index(index=index, op_type="create", document=line(documents), refresh="wait_for")
page = {"pit": {"id": point, "keep_alive": "1m"}, "size": 400, "sort": [{"number": "asc"}, {"_shard_doc": "asc"}]}
told["paged"] = []
after = {}
while True:
    hits = client.search(**page, **after)["hits"]["hits"]
    if not hits:
        break
    told["paged"] += [hit["_source"]["number"] for hit in hits]
    after = {"search_after": hits[-1]["sort"]}
client.close_point_in_time(id=point)

told["count"] = client.count(index=index)["count"]
try:
    client.search(index="nothing-here")
except NotFoundError as error:
    told["missing"] = [error.status_code, error.error]

json.dump(told, sys.stdout)
